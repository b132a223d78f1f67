"""The surroundings of every test, set before Django reads its settings (loaded by `-p tests.environment`)."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SUPERUSER_URL = os.environ.get("ASET_TEST_SUPERUSER_URL", "")
if not SUPERUSER_URL or "REDIS_URL" not in os.environ:
    raise SystemExit("Start the tests with `python3 bin/test [pytest arguments]`: it brings up PostgreSQL and Redis for them.")
FIXED_KEY = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="  # 32 known bytes: test data only
os.environ.update(
    ASET_MODE="test",
    ASET_SECRET_KEY="test-only-" + "k" * 50,
    ASET_FIELD_KEYS=f"1:{FIXED_KEY}",
    ASET_INDEX_KEY=FIXED_KEY,
    ASET_FILES_DIR=f"/tmp/aset-test-files-{os.getuid()}",
    ASET_STATIC_ROOT=f"/tmp/aset-test-static-{os.getuid()}",
    ASET_TICK_SECONDS=os.environ.get("ASET_TICK_SECONDS", "1"),
)
Path(os.environ["ASET_STATIC_ROOT"]).mkdir(exist_ok=True)


def as_role(role: str, database: str) -> str:
    """The address of DATABASE for ROLE on the test cluster."""
    rest = SUPERUSER_URL.split("@", 1)[1]
    return f"postgres://{role}@/{database}?" + rest.split("?", 1)[1]


os.environ["DATABASE_URL"] = as_role("aset_app", "aset_nothing")
os.environ["OWNER_DATABASE_URL"] = as_role("aset_owner", "aset_nothing")


def compile_catalogues() -> None:
    """Make the .mo of each .po, in one step, so that two test processes may do it at once."""
    import polib

    for file in sorted((ROOT / "locale").glob("*/LC_MESSAGES/*.po")):
        compiled = file.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < file.stat().st_mtime:
            draft = compiled.with_suffix(f".{os.getpid()}")
            polib.pofile(str(file)).save_as_mofile(str(draft))
            draft.replace(compiled)


compile_catalogues()
