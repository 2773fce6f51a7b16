SELECT * FROM api_keys WHERE prefix = :prefix ORDER BY name
