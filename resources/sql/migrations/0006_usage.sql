-- What each key has used of each Llm for each owner, by day. It outlives all of them, and so it names them by what people
-- know them by. Rows are deleted when they are older than usage.retentionDays.

CREATE TABLE usage_days (
    day TEXT NOT NULL,
    owner TEXT NOT NULL,
    api_key_id TEXT NOT NULL,
    llm TEXT NOT NULL,
    key_name TEXT NOT NULL,
    succeeded BIGINT NOT NULL,
    rejected BIGINT NOT NULL,
    failed BIGINT NOT NULL,
    refused BIGINT NOT NULL,
    truncated BIGINT NOT NULL,
    cancelled BIGINT NOT NULL,
    input_tokens BIGINT NOT NULL,
    output_tokens BIGINT NOT NULL,
    PRIMARY KEY (day, owner, api_key_id, llm)
);

CREATE INDEX usage_days_by_owner ON usage_days (owner, day);

-- The batch that each server process has added last: one whose commit was not heard of is sent again, and not added twice.
CREATE TABLE usage_batch (
    writer TEXT NOT NULL PRIMARY KEY,
    number BIGINT NOT NULL,
    added_at BIGINT NOT NULL
);
