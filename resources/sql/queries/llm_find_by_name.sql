SELECT * FROM llms WHERE name = :name
