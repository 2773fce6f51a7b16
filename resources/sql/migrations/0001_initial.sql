-- Provider sessions, the names that Llms and agents share, Llms, agents and API keys.

CREATE TABLE provider_sessions (
    id TEXT NOT NULL PRIMARY KEY,
    owner TEXT NOT NULL,
    publisher TEXT NOT NULL,
    publisher_version TEXT NOT NULL,
    epoch BIGINT NOT NULL CHECK (epoch >= 0),
    created_at BIGINT NOT NULL,
    last_heartbeat_at BIGINT NOT NULL
);

-- A name belongs to one Llm or to one agent. Both refer to it together with what they are, so the database itself
-- keeps an Llm and an agent from having the same name.
CREATE TABLE names (
    name TEXT NOT NULL PRIMARY KEY,
    taken_by TEXT NOT NULL CHECK (taken_by IN ('llm', 'agent')),
    UNIQUE (name, taken_by)
);

CREATE TABLE llms (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    name_taken_by TEXT NOT NULL DEFAULT 'llm' CHECK (name_taken_by = 'llm'),
    kind TEXT NOT NULL CHECK (kind IN ('virtual', 'public')),
    status TEXT NOT NULL CHECK (status IN ('active', 'hibernating', 'inactive')),
    status_reason TEXT CHECK (status_reason IN ('offline', 'backendDown', 'paused', 'draining')),
    owner TEXT NOT NULL,
    provider_session_id TEXT REFERENCES provider_sessions (id),
    type TEXT NOT NULL,
    model TEXT NOT NULL,
    tier TEXT NOT NULL,
    description TEXT NOT NULL,
    extra_config TEXT NOT NULL,
    max_concurrency INTEGER NOT NULL CHECK (max_concurrency > 0),
    wake_kind TEXT CHECK (wake_kind IN ('http', 'command')),
    wake_recipe_timeout_seconds BIGINT,
    wake_max_wait_seconds BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    last_heartbeat_at BIGINT,
    inactive_since BIGINT,
    version INTEGER NOT NULL,
    CHECK ((status = 'inactive') = (status_reason IS NOT NULL)),
    CHECK ((wake_kind IS NULL) = (wake_recipe_timeout_seconds IS NULL)),
    CHECK ((wake_kind IS NULL) = (wake_max_wait_seconds IS NULL)),
    FOREIGN KEY (name, name_taken_by) REFERENCES names (name, taken_by) ON UPDATE CASCADE ON DELETE CASCADE
);

CREATE INDEX llms_by_session ON llms (provider_session_id);

CREATE TABLE agents (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    name_taken_by TEXT NOT NULL DEFAULT 'agent' CHECK (name_taken_by = 'agent'),
    kind TEXT NOT NULL CHECK (kind IN ('virtual', 'public')),
    status TEXT NOT NULL CHECK (status IN ('active', 'hibernating', 'inactive')),
    owner TEXT NOT NULL,
    provider_session_id TEXT REFERENCES provider_sessions (id),
    llm_id TEXT NOT NULL REFERENCES llms (id),
    description TEXT NOT NULL,
    system_prompt TEXT NOT NULL,
    default_params TEXT NOT NULL,
    extras TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    last_heartbeat_at BIGINT,
    inactive_since BIGINT,
    version INTEGER NOT NULL,
    FOREIGN KEY (name, name_taken_by) REFERENCES names (name, taken_by) ON UPDATE CASCADE ON DELETE CASCADE
);

CREATE INDEX agents_by_session ON agents (provider_session_id);

CREATE INDEX agents_by_llm ON agents (llm_id);

CREATE TABLE api_keys (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    owner TEXT NOT NULL,
    hash TEXT NOT NULL UNIQUE CHECK (length(hash) = 64),
    prefix TEXT NOT NULL,
    scopes TEXT NOT NULL,
    models TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    revoked_at BIGINT
);

-- Raised with every change of a table that servers keep in memory; they look here to see whether to load it again.
CREATE TABLE table_versions (
    table_name TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL
);

INSERT INTO table_versions (table_name, version) VALUES ('api_keys', 1);
