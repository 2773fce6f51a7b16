SELECT * FROM threads WHERE id = :id AND owner = :owner
