-- The row goes with its name (ON DELETE CASCADE).
DELETE FROM names WHERE name = (SELECT name FROM llms WHERE id = :id)
