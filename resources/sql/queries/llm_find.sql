SELECT * FROM llms WHERE id = :id
