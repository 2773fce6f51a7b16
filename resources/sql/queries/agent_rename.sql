-- The row follows its name (ON UPDATE CASCADE). Nothing happens when the name stays or the version is another one.
UPDATE names
SET name = :name
WHERE name = (SELECT name FROM agents WHERE id = :id AND version = :version) AND name <> :name
