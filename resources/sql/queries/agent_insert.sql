INSERT INTO agents (
    id, name, kind, status, owner, provider_session_id, llm_id, pool, description, system_prompt, default_params,
    extras, project, created_at, updated_at, last_heartbeat_at, inactive_since, version)
VALUES (
    :id, :name, :kind, :status, :owner, :session, :llm, :pool, :description, :systemPrompt, :defaultParams,
    :extras, :project, :createdAt, :updatedAt, :lastHeartbeatAt, :inactiveSince, :version)
