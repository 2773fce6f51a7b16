UPDATE agents
SET kind = :kind,
    status = :status,
    owner = :owner,
    provider_session_id = :session,
    llm_id = :llm,
    pool = :pool,
    description = :description,
    system_prompt = :systemPrompt,
    default_params = :defaultParams,
    extras = :extras,
    project = :project,
    updated_at = :updatedAt,
    last_heartbeat_at = :lastHeartbeatAt,
    inactive_since = :inactiveSince,
    version = version + 1
WHERE id = :id AND version = :version
