-- Rows as the version of 0007_deployment.sql wrote them; never edited.

INSERT INTO deployment (id) VALUES ('0a6c5f0e-6f3c-4f62-9a39-0c9f4f6c1d11');
