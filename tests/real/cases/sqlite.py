# SPDX-License-Identifier: MIT
"""sqlite3: 200,000 rows, an index, joins, an aggregate, a recursive query, JSON, a dump."""

from harness import case

SCRIPT = """
PRAGMA journal_mode=WAL;
CREATE TABLE person(id INTEGER PRIMARY KEY, name TEXT, town INTEGER, score REAL);
CREATE TABLE town(id INTEGER PRIMARY KEY, name TEXT);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)
  INSERT INTO town SELECT i, 'town-' || (i * 7919 % 500) FROM n;
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000)
  INSERT INTO person SELECT i, printf('person-%06d', i * 104729 % 200003), i * 31 % 500 + 1, i * 17 % 1000 / 10.0 FROM n;
SELECT count(*), sum(length(name)) FROM person;
CREATE INDEX by_town ON person(town, score);
CREATE INDEX by_name ON person(name);
ANALYZE;
SELECT t.name, count(*), round(avg(p.score), 3) FROM person p JOIN town t ON t.id = p.town
  GROUP BY t.name ORDER BY 3 DESC, 1 LIMIT 10;
SELECT a.name, b.name FROM person a JOIN person b ON a.town = b.town AND a.score = b.score AND a.id < b.id
  WHERE a.name LIKE 'person-00%' ORDER BY 1, 2 LIMIT 20;
SELECT name, rank() OVER (PARTITION BY town ORDER BY score DESC, id) AS r FROM person WHERE town = 77 ORDER BY r LIMIT 10;
UPDATE person SET score = score + 1 WHERE town % 3 = 0;
DELETE FROM person WHERE id % 11 = 0;
SELECT json_group_array(json_object('id', id, 'n', name)) FROM (SELECT * FROM person ORDER BY name LIMIT 50);
SELECT town, group_concat(id) FROM (SELECT * FROM person ORDER BY id LIMIT 2000) GROUP BY town ORDER BY town LIMIT 30;
VACUUM;
PRAGMA integrity_check;
SELECT count(*), round(sum(score), 3) FROM person;
SELECT syntax error here;
"""


@case("sqlite", needs={"sqlite3": "sqlite3"}, checked=["sqlite3"])
def sqlite(stage):
    stage.do(["sqlite3", "data.db"], SCRIPT, status=1)  # 1: the last statement is wrong on purpose
    dump = stage.do(["sqlite3", "data.db", ".dump"], show=False)
    stage.note_bytes("dump", dump.out)
    stage.do(["sqlite3", ":memory:"], dump.out + b"SELECT count(*) FROM person;\n")
