-- Llms belong to pools, agents may be pinned to one, and API keys have a priority and limits.

-- An Llm joins a pool when it is published the next time, a public one when it is edited with the name of a pool, or with
-- null for that of its model; until then it is called by its name only.
ALTER TABLE llms ADD COLUMN pool TEXT NOT NULL DEFAULT '';

ALTER TABLE llms ADD COLUMN stream_usage INTEGER NOT NULL DEFAULT 1 CHECK (stream_usage IN (0, 1));

-- SQLite cannot take NOT NULL off a column, so the table is made anew; PostgreSQL does the same, so that both have one
-- schema. Nothing refers to agents.
CREATE TABLE pinned_agents (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    name_taken_by TEXT NOT NULL DEFAULT 'agent' CHECK (name_taken_by = 'agent'),
    kind TEXT NOT NULL CHECK (kind IN ('virtual', 'public')),
    status TEXT NOT NULL CHECK (status IN ('active', 'hibernating', 'inactive')),
    owner TEXT NOT NULL,
    provider_session_id TEXT REFERENCES provider_sessions (id),
    llm_id TEXT REFERENCES llms (id),
    pool TEXT,
    description TEXT NOT NULL,
    system_prompt TEXT NOT NULL,
    default_params TEXT NOT NULL,
    extras TEXT NOT NULL,
    project TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    last_heartbeat_at BIGINT,
    inactive_since BIGINT,
    version INTEGER NOT NULL,
    CHECK ((llm_id IS NULL) <> (pool IS NULL)),
    FOREIGN KEY (name, name_taken_by) REFERENCES names (name, taken_by) ON UPDATE CASCADE ON DELETE CASCADE
);

INSERT INTO pinned_agents (
    id, name, kind, status, owner, provider_session_id, llm_id, description, system_prompt, default_params, extras,
    project, created_at, updated_at, last_heartbeat_at, inactive_since, version)
SELECT
    id, name, kind, status, owner, provider_session_id, llm_id, description, system_prompt, default_params, extras,
    project, created_at, updated_at, last_heartbeat_at, inactive_since, version
FROM agents;

DROP TABLE agents;

ALTER TABLE pinned_agents RENAME TO agents;

CREATE INDEX agents_by_session ON agents (provider_session_id);

CREATE INDEX agents_by_llm ON agents (llm_id);

ALTER TABLE api_keys ADD COLUMN priority TEXT NOT NULL DEFAULT 'normal' CHECK (priority IN ('low', 'normal', 'high'));

-- In the limits of a key, 0 stands for none.
ALTER TABLE api_keys ADD COLUMN max_concurrent INTEGER NOT NULL DEFAULT 0 CHECK (max_concurrent >= 0);

ALTER TABLE api_keys ADD COLUMN requests_per_minute INTEGER NOT NULL DEFAULT 0 CHECK (requests_per_minute >= 0);

ALTER TABLE api_keys ADD COLUMN tokens_per_minute INTEGER NOT NULL DEFAULT 0 CHECK (tokens_per_minute >= 0);
