-- +goose Up
-- A request in the lists of an organ, also after it has ended. organ is the code at whose desk it was opened, empty until
-- the program has filled it in; words are what it is found by. placement: subject
CREATE TABLE statement_row (
  subject @key NOT NULL,
  id      @key NOT NULL,
  organ   @key NOT NULL,
  closed  @int NOT NULL,
  words   TEXT NOT NULL,
  PRIMARY KEY (subject, id)
) @table;
CREATE INDEX statement_row_organ ON statement_row (organ, closed, subject, id);
INSERT INTO statement_row (subject, id, organ, closed, words) SELECT subject, id, '', closed, '' FROM case_file WHERE kind = 'statement';
-- +goose Down
DROP TABLE statement_row;
