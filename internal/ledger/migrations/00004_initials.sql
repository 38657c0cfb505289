-- +goose Up
-- The pinyin initials of names, as an aid to searching; none of natural persons. A projection of
-- subject_name. placement: directory
CREATE TABLE subject_initials (
  initials @key NOT NULL,
  key      @key NOT NULL,
  PRIMARY KEY (initials, key)
) @table;

-- How far the names that were there before have got their initials; no row when all have. placement: local
CREATE TABLE initials_fill (
  id   @int NOT NULL PRIMARY KEY,
  name @key NOT NULL,
  key  @key NOT NULL
) @table;
INSERT INTO initials_fill (id, name, key) SELECT 1, '', '' WHERE EXISTS (SELECT 1 FROM subject_name);
-- +goose Down
DROP TABLE initials_fill;
DROP TABLE subject_initials;
