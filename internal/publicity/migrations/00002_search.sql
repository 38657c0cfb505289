-- +goose Up
DROP INDEX public_matter_doc_no;
CREATE INDEX public_matter_doc_no ON public_matter (doc_no, tab, decided, id);
CREATE INDEX public_matter_hidden ON public_matter (hidden_from);
-- +goose Down
DROP INDEX public_matter_hidden;
DROP INDEX public_matter_doc_no;
CREATE INDEX public_matter_doc_no ON public_matter (doc_no);
