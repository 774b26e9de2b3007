-- Tables keep one fact a row; the views at the end are what most readers want.
CREATE TABLE entities (
  id INTEGER PRIMARY KEY, iri TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, kind_zh TEXT NOT NULL,
  name TEXT NOT NULL CHECK (name <> ''), name_inferred INTEGER NOT NULL, confidence REAL
);
CREATE TABLE names (  -- sort: name, alias, misprint
  id INTEGER PRIMARY KEY, entity INTEGER NOT NULL REFERENCES entities, name TEXT NOT NULL, sort TEXT NOT NULL
);
CREATE TABLE pages (
  id INTEGER PRIMARY KEY, iri TEXT NOT NULL UNIQUE, file TEXT NOT NULL, sha256 TEXT NOT NULL, newspaper TEXT NOT NULL,
  issued TEXT NOT NULL, date_certain INTEGER NOT NULL, page_number TEXT NOT NULL
);
CREATE TABLE articles (
  id INTEGER PRIMARY KEY, iri TEXT NOT NULL UNIQUE, page INTEGER NOT NULL REFERENCES pages, headline TEXT NOT NULL,
  start INTEGER NOT NULL, "end" INTEGER NOT NULL
);
CREATE TABLE journalists (article INTEGER NOT NULL REFERENCES articles, name TEXT NOT NULL);
CREATE TABLE mentions (
  entity INTEGER NOT NULL REFERENCES entities, page INTEGER NOT NULL REFERENCES pages, PRIMARY KEY (entity, page)
) WITHOUT ROWID;
CREATE TABLE sentences (  -- start and end are code points of the page file
  id INTEGER PRIMARY KEY, iri TEXT NOT NULL UNIQUE, page INTEGER NOT NULL REFERENCES pages,
  start INTEGER NOT NULL, "end" INTEGER NOT NULL, text TEXT NOT NULL
);
CREATE TABLE claims (  -- status: asserted, planned, negated; confidence: 0 to 1, NULL for what no page says
  id INTEGER PRIMARY KEY, iri TEXT NOT NULL UNIQUE, subject INTEGER NOT NULL REFERENCES entities,
  relation TEXT NOT NULL, relation_zh TEXT NOT NULL, object INTEGER NOT NULL REFERENCES entities,
  title TEXT NOT NULL, status TEXT NOT NULL, list_order INTEGER NOT NULL, list_group TEXT NOT NULL,
  confidence REAL
);
CREATE TABLE claim_notes (  -- sort: rule, observed (a date), inferred_from
  claim INTEGER NOT NULL REFERENCES claims, sort TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (claim, sort, value)
) WITHOUT ROWID;
CREATE TABLE evidence (
  claim INTEGER NOT NULL REFERENCES claims, sentence INTEGER NOT NULL REFERENCES sentences,
  PRIMARY KEY (claim, sentence)
) WITHOUT ROWID;

CREATE INDEX entities_by_name ON entities (name);
CREATE INDEX names_by_name ON names (name);
CREATE INDEX names_by_entity ON names (entity);
CREATE INDEX articles_by_page ON articles (page);
CREATE INDEX mentions_by_page ON mentions (page);
CREATE INDEX sentences_by_page ON sentences (page, start);
CREATE INDEX claims_by_subject ON claims (subject, relation);
CREATE INDEX claims_by_object ON claims (object, relation);
CREATE INDEX evidence_by_sentence ON evidence (sentence);

-- Three characters and more: MATCH on these. Fewer: LIKE '%…%' on names and sentences themselves.
CREATE VIRTUAL TABLE name_search USING fts5 (name, content='names', content_rowid='id', tokenize='trigram');
CREATE VIRTUAL TABLE sentence_search USING fts5 (text, content='sentences', content_rowid='id', tokenize='trigram');

CREATE VIEW statements AS
SELECT s.name AS subject, s.kind AS subject_kind, c.relation, c.relation_zh, o.name AS object, o.kind AS object_kind,
       c.title, c.status, t.text AS sentence, p.newspaper, p.issued, p.date_certain, p.page_number, p.file,
       t.start, t."end",
       (SELECT group_concat(value, ' | ') FROM claim_notes n WHERE n.claim = c.id AND n.sort = 'rule') AS rules,
       (SELECT group_concat(value, ' | ') FROM claim_notes n WHERE n.claim = c.id AND n.sort = 'observed') AS observed,
       (SELECT group_concat(value, ' | ') FROM claim_notes n WHERE n.claim = c.id AND n.sort = 'inferred_from')
         AS inferred_from,
       c.id AS claim, c.subject AS subject_id, c.object AS object_id, c.confidence
FROM claims c
JOIN entities s ON s.id = c.subject
JOIN entities o ON o.id = c.object
LEFT JOIN evidence e ON e.claim = c.id
LEFT JOIN sentences t ON t.id = e.sentence
LEFT JOIN pages p ON p.id = t.page;

CREATE VIEW relations AS SELECT * FROM statements WHERE status = 'asserted';
CREATE VIEW posts AS
SELECT subject AS person, title, object AS body, issued, newspaper, page_number, sentence, subject_id, object_id, confidence
FROM relations WHERE relation = 'holdsPostIn';
