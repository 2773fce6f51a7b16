SELECT * FROM agents WHERE name = :name
