-- The account that serves: it reads and writes rows, and changes no table. Run as the owner of the tables, after
-- the first `manage.py migrate` and never again: psql -d fengqiao -v office=fengqiao_office -f tools/postgres_roles.sql
-- A password: ALTER ROLE fengqiao_office PASSWORD '…'. The owner alone migrates.
CREATE ROLE :"office" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO :"office";
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO :"office";
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO :"office";
-- What is known of migrations is written by those who migrate.
REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM :"office";
-- Tables of later versions.
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO :"office";
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO :"office";
