UPDATE table_versions SET version = version + 1 WHERE table_name = 'api_keys'
