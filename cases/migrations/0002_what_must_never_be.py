"""What the database itself refuses: deleting, editing an account, letting a barred person in."""

from django.db import migrations

from common.append_only import AppendOnly, never_delete, protect_history

HISTORY = ["report", "case", "casegrant", "safetytask", "responsestep", "referral"]
APPEND_ONLY = ["reportaddition", "triage"]
STAY = ["report", "case", "casegrant", "affectedchild", "allegedperson", "safetytask", "responsestep", "referral", "lowlevelrecord", "notaconcern", "reportdraft"]

ACCOUNT_STAYS = """
CREATE FUNCTION cases_report_account_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a report is never edited (R-79, R-87)' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER cases_report_account_stays
    BEFORE UPDATE OF reference, client_token, reporter_id, reporter_kind, channel, received_at, account, exact_words, opinion, danger
    ON cases_report FOR EACH ROW
    WHEN ((OLD.reference, OLD.client_token, OLD.reporter_kind, OLD.channel, OLD.received_at, OLD.account, OLD.exact_words, OLD.opinion, OLD.danger)
          IS DISTINCT FROM
          (NEW.reference, NEW.client_token, NEW.reporter_kind, NEW.channel, NEW.received_at, NEW.account, NEW.exact_words, NEW.opinion, NEW.danger)
          OR OLD.reporter_id IS DISTINCT FROM NEW.reporter_id)
    EXECUTE FUNCTION cases_report_account_stays();
"""

BARRED_GET_NO_GRANT = """
CREATE FUNCTION cases_refuse_barred_grant() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    the_case bigint;
    the_user bigint;
BEGIN
    IF TG_TABLE_NAME = 'cases_casegrant' THEN
        IF NEW.ended_at IS NOT NULL THEN RETURN NEW; END IF;
        the_case := NEW.case_id; the_user := NEW.holder_id;
    ELSE
        the_case := NEW.content_object_id; the_user := NEW.user_id;
    END IF;
    IF EXISTS (
        SELECT 1 FROM deadlines_barred b
        WHERE b.user_id = the_user AND b.lifted_at IS NULL
          AND ((b.row_type = 'cases.case' AND b.row_pk = the_case)
               OR (b.row_type = 'cases.report' AND b.row_pk IN (SELECT id FROM cases_report WHERE case_id = the_case)))
    ) THEN
        RAISE EXCEPTION 'no grant to a person with a conflict of interest (R-75)' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cases_casegrant_not_barred BEFORE INSERT OR UPDATE ON cases_casegrant
    FOR EACH ROW EXECUTE FUNCTION cases_refuse_barred_grant();
CREATE TRIGGER cases_caseuserobjectpermission_not_barred BEFORE INSERT OR UPDATE ON cases_caseuserobjectpermission
    FOR EACH ROW EXECUTE FUNCTION cases_refuse_barred_grant();
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial"), ("deadlines", "0001_initial")]

    operations = [
        migrations.RunSQL(ACCOUNT_STAYS, "DROP FUNCTION cases_report_account_stays CASCADE"),
        migrations.RunSQL(BARRED_GET_NO_GRANT, "DROP FUNCTION cases_refuse_barred_grant CASCADE"),
        *(protect_history(f"cases_historical{name}") for name in HISTORY),
        *(AppendOnly(f"cases_{name}") for name in APPEND_ONLY),
        *(never_delete(f"cases_{name}") for name in STAY),
    ]
