-- Chat threads and their messages. A thread outlives its agent, and so refers to it by what people know it by.

CREATE TABLE threads (
    id TEXT NOT NULL PRIMARY KEY,
    owner TEXT NOT NULL,
    agent_id TEXT NOT NULL,
    agent_name TEXT NOT NULL,
    agent_owner TEXT NOT NULL,
    title TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE INDEX threads_by_agent ON threads (owner, agent_name, updated_at, id);

CREATE INDEX threads_by_agent_id ON threads (agent_id);

CREATE TABLE messages (
    thread_id TEXT NOT NULL REFERENCES threads (id) ON DELETE CASCADE,
    turn INTEGER NOT NULL CHECK (turn >= 0),
    position INTEGER NOT NULL CHECK (position >= 0),
    role TEXT NOT NULL CHECK (role IN ('user', 'assistant', 'tool')),
    content TEXT NOT NULL,
    tool_calls TEXT NOT NULL,
    tool_call_id TEXT,
    status TEXT NOT NULL CHECK (status IN ('pending', 'complete', 'error')),
    error_code TEXT,
    error_message TEXT,
    finish_reason TEXT NOT NULL,
    token_usage TEXT,
    created_at BIGINT NOT NULL,
    finished_at BIGINT,
    PRIMARY KEY (thread_id, turn, position),
    CHECK ((role = 'tool') = (tool_call_id IS NOT NULL)),
    CHECK (status = 'complete' OR role = 'assistant'),
    CHECK ((status = 'pending') = (finished_at IS NULL)),
    CHECK ((status = 'error') = (error_code IS NOT NULL)),
    CHECK ((error_code IS NULL) = (error_message IS NULL))
);

CREATE INDEX messages_pending ON messages (thread_id) WHERE status = 'pending';
