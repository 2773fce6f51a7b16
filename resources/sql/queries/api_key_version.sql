SELECT version FROM table_versions WHERE table_name = 'api_keys'
