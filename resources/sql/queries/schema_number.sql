SELECT COALESCE(MAX(number), 0) AS number FROM schema_migrations
