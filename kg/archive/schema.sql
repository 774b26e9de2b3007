-- What was read. `key` says which bytes, stated facts and options a page was read under.
CREATE TABLE IF NOT EXISTS notes (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS pages (
  id TEXT PRIMARY KEY, key BLOB NOT NULL, path BLOB NOT NULL, page BLOB NOT NULL, findings BLOB NOT NULL,
  text BLOB NOT NULL, reading BLOB NOT NULL
);
-- What was linked: kg/link/local.py and kg/link/things.py say what shares, things and claims are.
CREATE TABLE IF NOT EXISTS linked (
  page TEXT PRIMARY KEY, key BLOB NOT NULL, articles INTEGER NOT NULL, mentions INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS shares (
  key TEXT, page TEXT, part TEXT, id TEXT, share BLOB NOT NULL, PRIMARY KEY (key, page)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS shares_of_page ON shares (page, key);
CREATE TABLE IF NOT EXISTS things (
  key TEXT PRIMARY KEY, base TEXT NOT NULL, path TEXT NOT NULL, id TEXT
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS things_of_base ON things (base);
CREATE INDEX IF NOT EXISTS things_of_path ON things (path, key);
CREATE INDEX IF NOT EXISTS things_of_id ON things (id, key) WHERE id IS NOT NULL;
CREATE TABLE IF NOT EXISTS said (
  page TEXT, number INTEGER, subject TEXT, predicate TEXT, object TEXT, title TEXT, status TEXT, said BLOB NOT NULL,
  PRIMARY KEY (page, number)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS said_of_fact ON said (subject, predicate, object, title, status) WHERE subject IS NOT NULL;
CREATE TABLE IF NOT EXISTS statements (
  subject TEXT, predicate TEXT, object TEXT, title TEXT, status TEXT, statement BLOB NOT NULL,
  PRIMARY KEY (subject, predicate, object, title, status)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS statements_of_object ON statements (object, predicate, title);
CREATE TABLE IF NOT EXISTS inferred (subject TEXT, object TEXT, PRIMARY KEY (subject, object)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS above (id TEXT PRIMARY KEY, name TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS officials (id TEXT PRIMARY KEY) WITHOUT ROWID;
-- Where each block of text stands in the output files: they are blocks in the order of their keys.
CREATE TABLE IF NOT EXISTS blocks (
  file TEXT, key TEXT, length INTEGER NOT NULL, PRIMARY KEY (file, key)
) WITHOUT ROWID;
-- What this build has touched.
CREATE TEMP TABLE IF NOT EXISTS present (page TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TEMP TABLE IF NOT EXISTS new_pages (page TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TEMP TABLE IF NOT EXISTS new_keys (key TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TEMP TABLE IF NOT EXISTS new_paths (path TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TEMP TABLE IF NOT EXISTS moved (page TEXT, key TEXT, PRIMARY KEY (page, key)) WITHOUT ROWID;
CREATE TEMP TABLE IF NOT EXISTS new_ids (id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TEMP TABLE IF NOT EXISTS new_facts (
  subject TEXT, predicate TEXT, object TEXT, title TEXT, status TEXT,
  PRIMARY KEY (subject, predicate, object, title, status)
) WITHOUT ROWID;
CREATE TEMP TABLE IF NOT EXISTS new_officials (id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TEMP TABLE IF NOT EXISTS before (statement BLOB NOT NULL);
CREATE TEMP TABLE IF NOT EXISTS new_posts (object TEXT, title TEXT, PRIMARY KEY (object, title)) WITHOUT ROWID;
CREATE TEMP TABLE IF NOT EXISTS new_quotes (page TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TEMP TABLE IF NOT EXISTS changed (file TEXT, key TEXT, start INTEGER, length INTEGER);  -- kg/archive/changed.py
