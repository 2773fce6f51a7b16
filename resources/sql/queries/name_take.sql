INSERT INTO names (name, taken_by) VALUES (:name, :takenBy)
