-- +goose Up
-- The organisation code is characters 9 to 17 of a credit code: it leads to the subject.
INSERT INTO subject_alias (alias, key)
SELECT 'org:' || substr(key, 9, 9), key FROM subject WHERE length(key) = 18 AND key NOT LIKE '%:%'
ON CONFLICT DO NOTHING;
-- +goose Down
SELECT 1;
