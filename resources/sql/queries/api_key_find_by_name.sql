SELECT * FROM api_keys WHERE name = :name
