SELECT * FROM agents WHERE id = :id
