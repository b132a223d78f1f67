-- The database itself, owned by the role that migrates; the runtime role may connect and use rows, nothing else.
SELECT 'CREATE DATABASE aset OWNER aset_owner' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'aset') \gexec
REVOKE ALL ON DATABASE aset FROM PUBLIC;
GRANT CONNECT ON DATABASE aset TO aset_app;
\connect aset
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO aset_app;
-- Whatever the owner creates later can be read and written by the runtime role; migrations take away what is append-only.
ALTER DEFAULT PRIVILEGES FOR ROLE aset_owner IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO aset_app;
ALTER DEFAULT PRIVILEGES FOR ROLE aset_owner IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO aset_app;
