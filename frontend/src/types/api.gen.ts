// Generated from /openapi.json by `npm run types`. Don't edit.
export interface paths {
    "/alerts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the alert rules of the caller's tenant with their states, newest first
         * @description Rules for all tenants are shown to operators alone.
         *
         *     Roles: admin, operator, viewer.
         *
         *     API keys: with the scope `jobs:read`.
         */
        get: operations["list_alerts"];
        put?: never;
        /**
         * Create an alert rule
         * @description It is evaluated about once a minute. Once its condition has held for `forS` seconds it fires: the webhooks of the
         *     tenant that report `alert.firing` and the members who want mails about alerts get one notice, and another one when
         *     it resolves; every `repeatS` seconds meanwhile if that is not 0.
         *
         *     Roles: admin, operator.
         *
         *     API keys: with the scope `admin`.
         */
        post: operations["create_alert"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/alerts/firings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the firings of the tenant's alert rules, or of one `rule`, newest first
         * @description They are kept for 90 days. Pages as the list of jobs does.
         *
         *     Roles: admin, operator, viewer.
         *
         *     API keys: with the scope `jobs:read`.
         */
        get: operations["list_firings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/alerts/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Measure now what a rule would measure, and say whether that reaches the threshold
         * @description Roles: admin, operator.
         *
         *     API keys: with the scope `admin`.
         */
        post: operations["preview_alert"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/alerts/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get an alert rule with its state
         * @description Roles: admin, operator, viewer.
         *
         *     API keys: with the scope `jobs:read`.
         */
        get: operations["get_alert"];
        put?: never;
        post?: never;
        /**
         * Delete an alert rule with its history
         * @description If it fires, whoever was notified of that is notified that it has ended.
         *
         *     Roles: admin, operator.
         *
         *     API keys: with the scope `admin`.
         */
        delete: operations["delete_alert"];
        options?: never;
        head?: never;
        /**
         * Change an alert rule, all but its `kind` and `scope`
         * @description A firing goes on, or resolves, by the next evaluation. A rule that is disabled while it fires resolves.
         *
         *     Roles: admin, operator.
         *
         *     API keys: with the scope `admin`.
         */
        patch: operations["change_alert"];
        trace?: never;
    };
    "/alerts/{id}/mute": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Mute an alert rule: nobody is notified when it fires, `until` a time or for `forS` seconds
         * @description Its state changes as before. If it fires still when the mute is over, the notice goes out then. The end of a firing
         *     of which a notice was sent is notified in any case.
         *
         *     Roles: admin, operator.
         *
         *     API keys: with the scope `admin`.
         */
        post: operations["mute_alert"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/alerts/{id}/unmute": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End the mute of an alert rule
         * @description Roles: admin, operator.
         *
         *     API keys: with the scope `admin`.
         */
        post: operations["unmute_alert"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/analytics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Compare a range of time with as long a range before it
         * @description Counts come from roll-ups per minute (2 hours back), 15 minutes (2 days), 2 hours (14 days) and day (400 days): the
         *     shortest spans that both ranges still have. They cover the caller's tenant, for operators all. Errors are those of
         *     jobs that are in the DLQ now.
         *
         *     API keys: with the scope `jobs:read`.
         */
        get: operations["get_analytics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/analytics/forecast": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Forecast when the open jobs that can run will be done, by the rates of the last 15 minutes
         * @description API keys: with the scope `jobs:read`.
         */
        get: operations["get_forecast"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api-keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the API keys of the caller's tenant, newest first, without their secrets
         * @description Roles: admin, operator.
         *
         *     API keys: with the scope `admin`.
         */
        get: operations["list_api_keys"];
        put?: never;
        /**
         * Create an API key for a service
         * @description Only this answer shows its `secret`, which goes into `Authorization: Bearer qc_…`. Jobs that are submitted with it
         *     belong to you, and count against the quotas of the tenant in place of your own limits. Its rights end when you are
         *     removed, and shrink with your role.
         *
         *     Roles: admin, operator.
         *
         *     API keys: none, needs a person.
         */
        post: operations["create_api_key"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api-keys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke an API key. It is refused from the next call on, and its WebSockets are closed within 20 seconds
         * @description Roles: admin, operator.
         *
         *     API keys: with the scope `admin`.
         */
        delete: operations["revoke_api_key"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List who changed what, newest first
         * @description Admins see the changes in their tenant, operators all. Pages as the list of jobs does.
         *
         *     Roles: admin, operator.
         *
         *     API keys: with the scope `admin`.
         */
        get: operations["list_audit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/audit/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export the audit log as NDJSON, JSON or CSV, newest first
         * @description As many as fit into an answer, at most 10,000. If there are more, the header `X-Next-Cursor` has the `cursor` of the
         *     next call.
         *
         *     Roles: admin, operator.
         *
         *     API keys: with the scope `admin`.
         */
        get: operations["export_audit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/batches": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List batches, newest first
         * @description Lists the caller's batches unless `scope` is wider. Pages as the list of jobs does.
         *
         *     API keys: with the scope `jobs:read`.
         */
        get: operations["list_batches"];
        put?: never;
        /**
         * Submit up to 10,000 jobs that belong together
         * @description All are recorded before the first one runs; each counts as one attempt against the rate limit. `GET /job?batch=`
         *     lists them. When all have ended, `onComplete` is submitted, and `onSuccess` if all completed; neither after a
         *     cancellation. With an idempotency key (field or header), the call may be repeated for 24 hours: one that died before
         *     the jobs could run is continued. Without, its jobs are deleted after a minute.
         *
         *     Roles: admin, member, operator.
         *
         *     API keys: with the scope `jobs:write`.
         */
        post: operations["create_batch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/batches/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a batch with its progress
         * @description API keys: with the scope `jobs:read`.
         */
        get: operations["get_batch"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/batches/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel the open jobs of a batch
         * @description Running ones are asked to stop. Its callbacks are not submitted.
         *
         *     Roles: admin, member, operator.
         *
         *     API keys: with the scope `jobs:write`.
         */
        post: operations["cancel_batch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/callbacks/{token}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send the event of a callback URL, which a durable job made (`ctx.callback_url`)
         * @description It needs no session and works once; again, or after the job has ended, it is a 409. The body may be any JSON.
         */
        post: operations["call_back"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/comments/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Delete a comment of one's own; admins delete any of their tenant
         * @description Roles: admin, member, operator.
         *
         *     API keys: with the scope `jobs:write`.
         */
        delete: operations["delete_comment"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/dlq": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List jobs in the DLQ, newest first
         * @description Works like `GET /job`, and filters by a `group` of `GET /dlq/groups`. `q` also searches type and message of the
         *     error, `finishedFrom` and `finishedTo` are bounds of the time at which a job entered the DLQ, and `sort=-finished`
         *     sorts by it.
         *
         *     API keys: with the scope `jobs:read`.
         */
        get: operations["list_dlq"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/dlq/delete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Delete many jobs of the DLQ, by ids, filter or group, selected as in `POST /dlq/redrive`
         * @description Jobs named by id that are not in the DLQ are refused.
         *
         *     Roles: admin, member, operator.
         *
         *     API keys: with the scope `dlq:write`.
         */
        post: operations["delete_dead_jobs"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/dlq/groups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Group jobs in the DLQ by their errors
         * @description Errors of one type whose messages differ only in numbers, ids and quoted values form one group.
         *
         *     API keys: with the scope `jobs:read`.
         */
        get: operations["list_dlq_groups"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/dlq/groups/{name}/comments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the comments on a group of dead letters of a tenant, newest first
         * @description For those who see a job of the group in the DLQ. A comment on a group is kept for a year, so it is there when the
         *     error comes back.
         *
         *     API keys: with the scope `jobs:read`.
         */
        get: operations["list_group_comments"];
        put?: never;
        /**
         * Comment on a group of dead letters of which the caller sees a job. A group has at most 200 comments
         * @description Roles: admin, member, operator.
         *
         *     API keys: with the scope `jobs:write`.
         */
        post: operations["comment_on_group"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/dlq/payloads": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Compare the payloads of jobs in the DLQ, such as those of a `group`
         * @description Works like `GET /job/payloads`, with the filters of `GET /dlq`.
         *
         *     API keys: with the scope `jobs:read`.
         */
        get: operations["compare_dead_payloads"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/dlq/redrive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Run many jobs of the DLQ again, by ids, filter or group
         * @description A filter or group selects the oldest 1,000 jobs that match. Call again with `nextAfter` as `after` until it is
         *     null. `dryRun` only counts.
         *
         *     Roles: admin, member, operator.
         *
         *     API keys: with the scope `dlq:write`.
         */
        post: operations["redrive_jobs"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/dlq/{id}/redrive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Run a job of the DLQ again, optionally with another payload
         * @description For a node of a workflow, the workflow is retried from that node; the answer is the node's new job.
         *
         *     Roles: admin, member, operator.
         *
         *     API keys: with the scope `dlq:write`.
         */
        post: operations["redrive_job"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/docs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a page to read this document and to try calls */
        get: operations["docs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/docs/{file}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a file of the page */
        get: operations["docs_file"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Check whether jobs can be accepted and run. Queries MongoDB and Redis, within about a second */
        get: operations["health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/invitations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the open invitations of the caller's tenant, newest first, without their links
         * @description Roles: admin, operator.
         *
         *     API keys: with the scope `admin`.
         */
        get: operations["list_invitations"];
        put?: never;
        /**
         * Invite somebody into the caller's tenant
         * @description The link works once, within 7 days, and is mailed where mails are sent. Only this answer shows it. A new invitation
         *     of an address voids the earlier one. Whoever is invited counts as a member.
         *
         *     Roles: admin, operator.
         *
         *     API keys: none, needs a person.
         */
        post: operations["create_invitation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/invitations/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Join a tenant by the token of an invitation, which is void then. Log in with the address and the password */
        post: operations["accept_invitation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/invitations/open": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Get what an invitation is for, by the token in its link. A token that is void is a 400 */
        post: operations["open_invitation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/invitations/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke an invitation: its link lets nobody in from now on
         * @description Roles: admin, operator.
         *
         *     API keys: with the scope `admin`.
         */
        delete: operations["revoke_invitation"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/job": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List jobs, newest first
         * @description Lists the caller's jobs unless `scope` is wider. Pages stay consistent under concurrent inserts: pass `nextCursor`
         *     or `prevCursor` as `cursor`.
         *
         *     API keys: with the scope `jobs:read`.
         */
        get: operations["list_jobs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/job/actions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel, retry or delete many jobs, by ids or by filter
         * @description A filter selects the oldest 1,000 jobs that match and are in a state that the action can change; `matched` counts
         *     only such jobs. Call again with `nextAfter` as `after` until it is null. `dryRun` only counts.
         *
         *     Roles: admin, member, operator.
         *
         *     API keys: with the scope `jobs:write`.
         */
        post: operations["act_on_jobs"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/job/bulk": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create up to 1,000 jobs in one step
         * @description Either all jobs are created or none. Each counts as one attempt against the rate limit. An idempotency key (field
         *     `idempotencyKey` or header `Idempotency-Key`) makes the call safe to retry for 24 hours: 201 first, then 200 with
         *     the same jobs, and 409 with other jobs. Alternatively, each job may have its own key. Each job may be `unique`.
         *
         *     Roles: admin, member, operator.
         *
         *     API keys: with the scope `jobs:write`.
         */
        post: operations["create_jobs"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/job/create": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create a job
         * @description An idempotency key (field `idempotencyKey` or header `Idempotency-Key`) makes the call safe to retry for 24 hours:
         *     the first call answers 201, later ones 200 with the same job, and another body with the same key is a 409. The key
         *     is checked before both limits.
         *
         *     With `unique`, one job at a time holds a key. While another one does, `onConflict` decides: `keep` and the options
         *     that change the waiting job answer 200 with that job and `"duplicate": true`, `reject` is a 409 with its `jobId`.
         *
         *     With `dependsOn`, the job is `blocked` until all these jobs have ended; if they end otherwise than `runIf` asks, it
         *     is `skipped`. Jobs that do not exist, or that the caller may not read, are a 400.
         *
         *     Roles: admin, member, operator.
         *
         *     API keys: with the scope `jobs:write`.
         */
        post: operations["create_job"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/job/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export jobs as CSV, JSON or NDJSON, with payload and result, by the filters of `GET /job`
         * @description Up to 1,000 jobs that fit into an answer are answered at once. Else, and with `background=true`, the answer is a 202
         *     with an operation: its job writes the file, and `GET /operations/{id}` has a link to it. At most 1,000,000 jobs.
         *     Text that a spreadsheet would take as a formula begins with an apostrophe in CSV.
         *
         *     API keys: with the scope `jobs:read`.
         */
        get: operations["export_jobs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/job/payloads": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Compare the payloads of jobs
         * @description Says which fields are the same in all of them, and which differ, with their values counted; so it also tells which
         *     paths `payload` of `GET /job` may name. It reads the newest `sample` jobs that match, at most about 8 MB;
         *     `examined` says how many these were.
         *
         *     API keys: with the scope `jobs:read`.
         */
        get: operations["compare_payloads"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/job/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Count jobs per state
         * @description API keys: with the scope `jobs:read`.
         */
        get: operations["job_stats"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/job/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get one job with payload, result and attempts, what it waits for, and which jobs wait for it
         * @description A payload over 512 KB is null, and `payloadUrl` has a link to the whole; a result likewise.
         *
         *     API keys: with the scope `jobs:read`.
         */
        get: operations["get_job"];
        put?: never;
        post?: never;
        /**
         * Delete a job that has ended
         * @description Roles: admin, member, operator.
         *
         *     API keys: with the scope `jobs:write`.
         */
        delete: operations["delete_job"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/job/{id}/attempts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the attempts of a job
         * @description API keys: with the scope `jobs:read`.
         */
        get: operations["list_attempts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/job/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel a job
         * @description A waiting job is cancelled at once. A running one is asked to stop (`cancelRequested`); its worker sees that
         *     within one heartbeat.
         *
         *     Roles: admin, member, operator.
         *
         *     API keys: with the scope `jobs:write`.
         */
        post: operations["cancel_job"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/job/{id}/comments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the comments on a job, newest first. They are deleted with the job
         * @description API keys: with the scope `jobs:read`.
         */
        get: operations["list_job_comments"];
        put?: never;
        /**
         * Comment on a job that the caller can read. A job has at most 200 comments
         * @description Roles: admin, member, operator.
         *
         *     API keys: with the scope `jobs:write`.
         */
        post: operations["comment_on_job"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/job/{id}/events/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send an event to a durable job
         * @description The body may be any JSON; `ctx.wait_for_event(name)` returns it. The job need not wait for it yet: each wait takes
         *     the first event of its name that no other wait took. A job that has ended is a 409.
         *
         *     Roles: admin, member, operator.
         *
         *     API keys: with the scope `jobs:write`.
         */
        post: operations["send_event"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/job/{id}/logs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the log lines of a job, oldest first
         * @description API keys: with the scope `jobs:read`.
         */
        get: operations["list_logs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/job/{id}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Run an ended job again as a new job
         * @description The ended job may be completed, dead, cancelled or skipped, and stays as it is. What the body does not change is
         *     taken over from it: task, payload, name, queue, priority, tags, retries and time limit. The new job has the same
         *     owner, counts against the owner's limits, and says in `replayOf` where it came from; it belongs to no batch,
         *     workflow or schedule. A unique job keeps its key, and is refused (409, with the `jobId`) while another one holds it.
         *
         *     A job that has not ended is a 409. An idempotency key works as in `POST /job/create`.
         *
         *     Roles: admin, member, operator.
         *
         *     API keys: with the scope `jobs:write`.
         */
        post: operations["replay_job"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/job/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Run a job again now
         * @description A job in the DLQ starts a new series of attempts, optionally with another payload. A job that waits between
         *     attempts becomes pending at once. A durable job keeps the steps that it recorded, unless it gets another payload;
         *     with `fromStep` it keeps those that began before the first step of this name. For a node of a workflow, the workflow
         *     is retried from that node; the answer is the node's new job.
         *
         *     Roles: admin, member, operator.
         *
         *     API keys: with the scope `jobs:write`.
         */
        post: operations["retry_job"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/job/{id}/steps": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the steps that a durable job has recorded, and the events that it was sent
         * @description Those of its present series of attempts: a redrive begins another one, with copies of the steps that it keeps.
         *
         *     API keys: with the scope `jobs:read`.
         */
        get: operations["list_steps"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/limits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the limits that tasks declare, as they stand for the caller's tenant, and that of all jobs of the tenant
         * @description API keys: with the scope `jobs:read`.
         */
        get: operations["list_limits"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/limits/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get one limit with its busiest keys and the jobs that hold it
         * @description Keys are listed for those who may read all jobs of the tenant, those of a shared limit for operators.
         *
         *     API keys: with the scope `jobs:read`.
         */
        get: operations["get_limit"];
        /**
         * Change a limit until it is reset
         * @description Fields that are left out stay as they are; `null` lifts a bound. Waiting jobs for which there is room now start at
         *     once. Admins change the limit of their tenant; operators that of every tenant, or with `tenant` of one.
         *
         *     Roles: admin, operator.
         *
         *     API keys: with the scope `admin`.
         */
        put: operations["change_limit"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/limits/{name}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pause a limit
         * @description Jobs under it wait; running jobs continue.
         *
         *     Roles: admin, operator.
         *
         *     API keys: with the scope `admin`.
         */
        post: operations["pause_limit"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/limits/{name}/reset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Return to the limit that code declares: its bounds, not paused, and a fresh rate
         * @description Roles: admin, operator.
         *
         *     API keys: with the scope `admin`.
         */
        post: operations["reset_limit"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/limits/{name}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Resume a paused limit
         * @description Roles: admin, operator.
         *
         *     API keys: with the scope `admin`.
         */
        post: operations["resume_limit"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Log in
         * @description The token goes into `Authorization: Bearer …`. With `cookie` it is also set as an httpOnly cookie; then
         *     unsafe calls need the answer's `csrfToken` in `X-CSRF-Token`.
         */
        post: operations["log_in"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Log out. The token becomes void at once, and the cookie is removed
         * @description API keys: none, needs a person.
         */
        post: operations["log_out"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the caller's account, for an API key that of its creator, and what the key allows
         * @description API keys: all.
         */
        get: operations["me"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change the caller's name or e-mail address. A new address needs `currentPassword`
         * @description API keys: none, needs a person.
         */
        patch: operations["change_me"];
        trace?: never;
    };
    "/me/delete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Delete the caller's account with all jobs and data of the caller. This cannot be undone
         * @description Needs `currentPassword`, and the caller's name as `name`. Sessions and API keys end at once, jobs are cancelled, and
         *     the data are deleted within minutes, many jobs in paced pages. Schedules pass to the tenant. The audit log keeps
         *     what the caller did, without a name. Refused for the last admin of a tenant and the last operator.
         *
         *     API keys: none, needs a person.
         */
        post: operations["delete_account"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/me/notifications": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get which mails the caller wants. At first none
         * @description API keys: none, needs a person.
         */
        get: operations["get_notifications"];
        /**
         * Set how often mails about failed jobs come: `off`, `at_once` (at most one in five minutes), `hourly`, `daily`
         * @description A mail names all jobs that went to the DLQ since the last one, and are there still. `alerts` asks for mails about
         *     alert rules that fire or resolve, at most 12 an hour.
         *
         *     API keys: none, needs a person.
         */
        put: operations["set_notifications"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/me/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Change the caller's password. All tokens of the user become void; the answer has a new one
         * @description API keys: none, needs a person.
         */
        post: operations["change_password"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/me/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the caller's sessions, the one that was used last first; `current` is that of this call
         * @description API keys: none, needs a person.
         */
        get: operations["list_sessions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/me/sessions/end": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Log all of the caller's sessions out, also this one. API keys stay
         * @description API keys: none, needs a person.
         */
        post: operations["end_sessions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/me/sessions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Log one of the caller's sessions out. Its token becomes void at once
         * @description API keys: none, needs a person.
         */
        delete: operations["end_session"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/members": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the members of the caller's tenant, oldest first
         * @description Roles: admin, operator.
         *
         *     API keys: with the scope `admin`.
         */
        get: operations["list_members"];
        put?: never;
        /**
         * Add a member to the caller's tenant
         * @description Without `password` one is generated. Only this answer shows it.
         *
         *     Roles: admin, operator.
         *
         *     API keys: none, needs a person.
         */
        post: operations["add_member"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/members/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Remove a member. The member's tokens become void; the jobs stay with the tenant
         * @description Roles: admin, operator.
         *
         *     API keys: with the scope `admin`.
         */
        delete: operations["remove_member"];
        options?: never;
        head?: never;
        /**
         * Change a member's role. The member's tokens become void. The role of the last admin cannot be changed
         * @description Roles: admin, operator.
         *
         *     API keys: with the scope `admin`.
         */
        patch: operations["change_role"];
        trace?: never;
    };
    "/members/{id}/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Reset a member's password
         * @description Without `password` one is generated. Only this answer shows it. The member's tokens become void. Callers change
         *     their own password by `POST /me/password`.
         *
         *     Roles: admin, operator.
         *
         *     API keys: none, needs a person.
         */
        post: operations["reset_password"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get counts and rates of the caller's tenant; of all tenants for an operator
         * @description API keys: with the scope `jobs:read`.
         */
        get: operations["get_metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics/reset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Reset the totals of all tenants to 0. Counts of existing jobs stay
         * @description Roles: operator.
         *
         *     API keys: with the scope `admin`.
         */
        post: operations["reset_metrics"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics/series": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get throughput, failures and latencies over time, per task and per queue
         * @description Percentiles of wait and run time are computed from histograms and are within 10 percent.
         *
         *     API keys: with the scope `jobs:read`.
         */
        get: operations["get_series"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get this document */
        get: operations["openapi"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the caller's operations, newest first: exports and bulk operations
         * @description API keys: with the scope `jobs:read`.
         */
        get: operations["list_operations"];
        put?: never;
        /**
         * Cancel, retry, redrive, delete or replay all jobs that match a filter, however many, by an operation
         * @description It changes the jobs that match when it comes to them, up to 1,000,000, but none that was submitted after it began;
         *     retry and redrive change none that changed after that. `ratePerMin` sets a pace. It has the rights that its owner
         *     has while it runs. Jobs that cannot be changed are counted, and the log of its job names them. `dryRun` only counts.
         *
         *     `replay` runs each ended job again as a new job, as `POST /job/{id}/replay` does, with `changes` if given. A dry run
         *     shows the merged payloads of the sample. An operation starts only if those fit the schemas of their tasks; a later
         *     one that does not fails when its job runs. While a limit of the tenant refuses new jobs, the operation waits.
         *
         *     Roles: admin, member, operator.
         *
         *     API keys: with the scope `jobs:write`.
         */
        post: operations["start_operation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operations/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get an operation of the caller; of an export that completed, with a link to its file
         * @description Each call makes a new link, valid for 15 minutes. Files are deleted after 7 days.
         *
         *     API keys: with the scope `jobs:read`.
         */
        get: operations["get_operation"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operations/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel an operation of the caller that has not ended. What it has done stays
         * @description API keys: with the scope `jobs:read`.
         */
        post: operations["cancel_operation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/outbox": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the mails of the local stack, newest first, with what they say
         * @description A deployment sends them by Amazon SES and answers 404.
         *
         *     Roles: operator.
         *
         *     API keys: with the scope `admin`.
         */
        get: operations["list_mails"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/password/forgot": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Have a link to set another password mailed
         * @description The answer is the same whether or not the address has an account. The link works once, within 30 minutes.
         */
        post: operations["forgot_password"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/password/reset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Set another password by the token in a link. All sessions of the account end, and its other links are void */
        post: operations["use_password_link"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pause all queues of all tenants (operators)
         * @description For maintenance of what tasks depend on. Jobs are accepted and wait; running jobs continue.
         *
         *     Roles: operator.
         *
         *     API keys: with the scope `admin`.
         */
        post: operations["pause_everything"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/pauses": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the pause of all queues of the caller's tenant, that of everything, and those of tasks
         * @description Pauses of single queues are in the list of queues.
         *
         *     API keys: with the scope `jobs:read`.
         */
        get: operations["get_pauses"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/prometheus/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Check whether MongoDB and Redis work */
        get: operations["scraped_health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/prometheus/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get metrics for Prometheus, over all tenants. Names of queues are included only if a token protects them
         * @description With `SCRAPE_TOKEN` set, requires `Authorization: Bearer <that token>`.
         */
        get: operations["scrape"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/queues": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the queues of the caller's tenant
         * @description A queue is listed if it has open jobs, is paused, or had jobs in the last day.
         *
         *     API keys: with the scope `jobs:read`.
         */
        get: operations["list_queues"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/queues/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Set whether priorities are strict in a queue
         * @description It holds for jobs that are created from now on. The queue need not exist yet.
         *
         *     Roles: admin, operator.
         *
         *     API keys: with the scope `queues:write`.
         */
        put: operations["set_queue"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/queues/{name}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pause a queue
         * @description Its jobs wait; running jobs continue. The queue need not exist yet.
         *
         *     Roles: admin, operator.
         *
         *     API keys: with the scope `queues:write`.
         */
        post: operations["pause_queue"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/queues/{name}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Resume a paused queue
         * @description Roles: admin, operator.
         *
         *     API keys: with the scope `queues:write`.
         */
        post: operations["resume_queue"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Resume all queues, except those that are paused by themselves or with their tenant (operators)
         * @description Roles: operator.
         *
         *     API keys: with the scope `admin`.
         */
        post: operations["resume_everything"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/schedules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List schedules, newest first
         * @description Lists the caller's schedules unless `scope` is wider. Pages as the list of jobs does.
         *
         *     API keys: with the scope `jobs:read`.
         */
        get: operations["list_schedules"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/schedules/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Put a timing into words, and list its next five fires
         * @description Nothing is stored.
         *
         *     API keys: with the scope `jobs:read`.
         */
        post: operations["preview_schedule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/schedules/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a schedule with the payload of its jobs
         * @description API keys: with the scope `jobs:read`.
         */
        get: operations["get_schedule"];
        /**
         * Create a schedule, or replace what it does
         * @description A name is unique within a tenant. With the same `cron`, `everyS` or `at`, its next fire and the phase of its
         *     interval stay, so the call may be repeated by each deployment.
         *
         *     Roles: admin, member, operator.
         *
         *     API keys: with the scope `jobs:write`.
         */
        put: operations["put_schedule"];
        post?: never;
        /**
         * Delete a schedule
         * @description Its jobs stay. A run that waits for the end of one of them is skipped.
         *
         *     Roles: admin, member, operator.
         *
         *     API keys: with the scope `jobs:write`.
         */
        delete: operations["delete_schedule"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/schedules/{name}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pause a schedule
         * @description It makes no jobs until it is resumed; open jobs continue.
         *
         *     Roles: admin, member, operator.
         *
         *     API keys: with the scope `jobs:write`.
         */
        post: operations["pause_schedule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/schedules/{name}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Resume a paused schedule, from now
         * @description What it would have made meanwhile is not made.
         *
         *     Roles: admin, member, operator.
         *
         *     API keys: with the scope `jobs:write`.
         */
        post: operations["resume_schedule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/schedules/{name}/run": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make a job of a schedule now
         * @description Also of a paused one, and whatever jobs of it are open. Its next fire stays.
         *
         *     Roles: admin, member, operator.
         *
         *     API keys: with the scope `jobs:write`.
         */
        post: operations["run_schedule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/schedules/{name}/runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the runs of a schedule, newest first
         * @description Each fire has one: with its job, or the reason why it has none. They are kept for 90 days, the newest 10,000.
         *
         *     API keys: with the scope `jobs:read`.
         */
        get: operations["list_runs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sync": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get the server's epoch milliseconds, as a bare JSON number */
        get: operations["sync"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tasks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the tasks that workers can run, with the JSON schemas of their payloads
         * @description API keys: with the scope `jobs:read`.
         */
        get: operations["list_tasks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tasks/{name}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pause a task: its jobs wait, in whatever queues; those of other tasks go on. Running jobs continue
         * @description It holds for the caller's tenant; for all tenants with `scope=all` (operators).
         *
         *     Roles: admin, operator.
         *
         *     API keys: with the scope `queues:write`.
         */
        post: operations["pause_task"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tasks/{name}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Resume a paused task; for all tenants with `scope=all` (operators). Each pause ends by itself
         * @description Roles: admin, operator.
         *
         *     API keys: with the scope `queues:write`.
         */
        post: operations["resume_task"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tenant/delete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Delete the caller's tenant with all members, jobs and data. This cannot be undone
         * @description Needs `currentPassword`, and the tenant's name as `name`. As `POST /me/delete`, for everybody in the tenant. Refused
         *     for the tenant of operators.
         *
         *     Roles: admin, operator.
         *
         *     API keys: none, needs a person.
         */
        post: operations["delete_tenant"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tenant/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pause all queues of the caller's tenant
         * @description Jobs wait, those of new queues too; running jobs continue.
         *
         *     Roles: admin, operator.
         *
         *     API keys: with the scope `queues:write`.
         */
        post: operations["pause_own_tenant"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tenant/redaction": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the paths that the caller's tenant redacts
         * @description API keys: with the scope `jobs:read`.
         */
        get: operations["get_redaction"];
        /**
         * Set the paths that the caller's tenant redacts, such as `card.number` and `user.*.email`
         * @description Their values are shown as `"[redacted]"` in jobs of all tasks, also in those that exist; tasks get them as they are.
         *     `*` stands for every name or element, lists are passed through, a dot in a name is written `\.`. Answers when
         *     every process knows it, a second later.
         *
         *     Roles: admin, operator.
         *
         *     API keys: with the scope `admin`.
         */
        put: operations["put_redaction"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tenant/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Resume the queues of the caller's tenant, except those that are paused by themselves
         * @description Roles: admin, operator.
         *
         *     API keys: with the scope `queues:write`.
         */
        post: operations["resume_own_tenant"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tenant/settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the settings of the caller's tenant
         * @description API keys: with the scope `jobs:read`.
         */
        get: operations["get_own_settings"];
        /**
         * Change the settings of the caller's tenant
         * @description Fields that are left out stay as they are; null goes back to the default.
         *
         *     Roles: admin, operator.
         *
         *     API keys: with the scope `admin`.
         */
        put: operations["change_own_settings"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tenants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Find tenants by part of their name, those with most open jobs first (operators)
         * @description Roles: operator.
         *
         *     API keys: with the scope `admin`.
         */
        get: operations["list_tenants"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tenants/{id}/maxima": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Change the most that a tenant's admins may choose (operators)
         * @description A setting above its maximum is lowered while the maximum holds. 0 is no maximum; null goes back to the default.
         *
         *     Roles: operator.
         *
         *     API keys: with the scope `admin`.
         */
        put: operations["change_maxima"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tenants/{id}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pause all queues of a tenant: one's own, or any for an operator
         * @description Roles: admin, operator.
         *
         *     API keys: with the scope `queues:write`.
         */
        post: operations["pause_tenant"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tenants/{id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Resume the queues of a tenant: one's own, or any for an operator
         * @description Roles: admin, operator.
         *
         *     API keys: with the scope `queues:write`.
         */
        post: operations["resume_tenant"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tenants/{id}/settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the settings of a tenant: one's own, or any for an operator
         * @description API keys: with the scope `jobs:read`.
         */
        get: operations["get_settings"];
        /**
         * Change the settings of a tenant: one's own, or any for an operator
         * @description Fields that are left out stay as they are; null goes back to the default.
         *
         *     Roles: admin, operator.
         *
         *     API keys: with the scope `admin`.
         */
        put: operations["change_settings"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/unsubscribe/{token}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End mails about failed jobs and alerts, by the link in one of them: one click (RFC 8058), without a log-in */
        post: operations["unsubscribe"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/user/create": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign up: create a tenant and its admin
         * @description For an e-mail address that already has an account the answer looks the same, and nothing changes. So when the
         *     log-in that follows is refused, tell the user: "You may have an account already: log in with its password."
         */
        post: operations["create_user"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/views": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the caller's saved views, and those shared with the tenant, oldest first
         * @description API keys: none, needs a person.
         */
        get: operations["list_views"];
        put?: never;
        /**
         * Save a view: up to 50 of one's own, and up to 50 that admins share
         * @description It holds the parameters of the list's address and no right: who opens it sees what the role allows.
         *
         *     API keys: none, needs a person.
         */
        post: operations["create_view"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/views/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Delete a view of one's own; admins delete any that is shared
         * @description API keys: none, needs a person.
         */
        delete: operations["delete_view"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the webhooks of the caller's tenant, newest first, without their secrets
         * @description Roles: admin, operator.
         *
         *     API keys: with the scope `admin`.
         */
        get: operations["list_webhooks"];
        put?: never;
        /**
         * Create a webhook: events of the tenant's jobs, batches and workflows are sent to its URL
         * @description Messages and signatures follow Standard Webhooks. Only this answer shows the `secret`. The answer comes after a
         *     second, when all processes know of the webhook: what happens from then on is sent, at least once.
         *
         *     Roles: admin, operator.
         *
         *     API keys: with the scope `admin`.
         */
        post: operations["create_webhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a webhook
         * @description Roles: admin, operator.
         *
         *     API keys: with the scope `admin`.
         */
        get: operations["get_webhook"];
        put?: never;
        post?: never;
        /**
         * Delete a webhook with its deliveries
         * @description A request that is under way may still arrive.
         *
         *     Roles: admin, operator.
         *
         *     API keys: with the scope `admin`.
         */
        delete: operations["delete_webhook"];
        options?: never;
        head?: never;
        /**
         * Change the URL, the events or the description of a webhook
         * @description Deliveries that are left go to the new URL.
         *
         *     Roles: admin, operator.
         *
         *     API keys: with the scope `admin`.
         */
        patch: operations["change_webhook"];
        trace?: never;
    };
    "/webhooks/{id}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the deliveries of a webhook, newest first, with their attempts
         * @description They are kept for 14 days. Pages as the list of jobs does.
         *
         *     Roles: admin, operator.
         *
         *     API keys: with the scope `admin`.
         */
        get: operations["list_webhook_deliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/{id}/deliveries/{delivery_id}/redeliver": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a delivery again, whatever became of it
         * @description Its `webhook-id` stays, so a receiver that has seen it can tell.
         *
         *     Roles: admin, operator.
         *
         *     API keys: with the scope `admin`.
         */
        post: operations["redeliver_webhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/{id}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pause a webhook
         * @description What happens meanwhile is not sent. Deliveries that are left wait until it is resumed.
         *
         *     Roles: admin, operator.
         *
         *     API keys: with the scope `admin`.
         */
        post: operations["pause_webhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/{id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Resume a webhook, also one that was paused because it failed
         * @description Roles: admin, operator.
         *
         *     API keys: with the scope `admin`.
         */
        post: operations["resume_webhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/{id}/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Replace the secret of a webhook
         * @description Messages carry a signature by the new secret and one by the old secret until `overlapS` seconds have passed, a day
         *     by default. Only this answer shows the new `secret`.
         *
         *     Roles: admin, operator.
         *
         *     API keys: with the scope `admin`.
         */
        post: operations["rotate_webhook_secret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/{id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a message of type `webhook.test`
         * @description It is sent within seconds; its delivery shows the answer.
         *
         *     Roles: admin, operator.
         *
         *     API keys: with the scope `admin`.
         */
        post: operations["test_webhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List live workers and the leases they hold
         * @description Shows only leases of jobs that the caller may read.
         *
         *     API keys: with the scope `jobs:read`.
         */
        get: operations["list_workers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workflows": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List workflows, newest first
         * @description Lists the caller's workflows unless `scope` is wider. Pages as the list of jobs does.
         *
         *     API keys: with the scope `jobs:read`.
         */
        get: operations["list_workflows"];
        put?: never;
        /**
         * Start a workflow: a graph of jobs that use each other's results
         * @description The document is checked whole; errors name the node. Each node counts as one attempt against the rate limit. With an
         *     idempotency key (field or header), the call may be repeated for 24 hours.
         *
         *     Roles: admin, member, operator.
         *
         *     API keys: with the scope `jobs:write`.
         */
        post: operations["create_workflow"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workflows/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a workflow with its nodes and edges
         * @description API keys: with the scope `jobs:read`.
         */
        get: operations["get_workflow"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workflows/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel a workflow: its open jobs, and those that it would make
         * @description Running ones are asked to stop.
         *
         *     Roles: admin, member, operator.
         *
         *     API keys: with the scope `jobs:write`.
         */
        post: operations["cancel_workflow"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workflows/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Run a workflow again that has ended, except for what completed
         * @description Nodes that did not complete, and all behind them, get new jobs; the jobs of the others stay, with their results, and
         *     so do the items of a map that completed. Each new job of a node counts as an attempt of the workflow's owner.
         *
         *     Roles: admin, member, operator.
         *
         *     API keys: with the scope `jobs:write`.
         */
        post: operations["retry_workflow"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ws/ticket": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Get a ticket for the WebSocket
         * @description It is valid once, for the session of this call, so that no token appears in a URL.
         *
         *     API keys: with the scope `jobs:read`.
         */
        post: operations["create_ws_ticket"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * AcceptInvitation
         * @description Who joins: the token of the invitation, a name and a password.
         */
        AcceptInvitation: {
            /**
             * Token
             * @description What follows `#` in the link.
             */
            token: string;
            /** Username */
            username: string;
            /**
             * Password
             * Format: password
             */
            password: string;
        };
        /**
         * ActOnDead
         * @description Jobs of the DLQ to redrive or to delete, by ``ids``, ``filter`` or ``group`` (of ``scope``).
         */
        ActOnDead: {
            /**
             * Ids
             * @default null
             */
            ids?: string[] | null;
            /** @default null */
            filter?: components["schemas"]["NarrowingDead"] | null;
            /**
             * After
             * @description With a filter: `nextAfter` of the previous call.
             * @default null
             */
            after?: string | null;
            /**
             * Dryrun
             * @description Only count what matches.
             * @default false
             */
            dryRun?: boolean;
            /**
             * Group
             * @default null
             */
            group?: string | null;
            /** @default own */
            scope?: components["schemas"]["Scope"];
        };
        /**
         * ActOnJobs
         * @description An action on jobs by ``ids`` or by ``filter``. A filter selects the oldest 1,000 matches; call again for more.
         */
        ActOnJobs: {
            /**
             * Ids
             * @default null
             */
            ids?: string[] | null;
            /** @default null */
            filter?: components["schemas"]["Narrowing"] | null;
            /**
             * After
             * @description With a filter: `nextAfter` of the previous call.
             * @default null
             */
            after?: string | null;
            /**
             * Dryrun
             * @description Only count what matches.
             * @default false
             */
            dryRun?: boolean;
            /**
             * Action
             * @enum {string}
             */
            action: "cancel" | "retry" | "delete";
        };
        /**
         * ActionAnswer
         * @description ``matched`` jobs met the conditions (counted up to 100,000), ``changed`` were changed, ``failed`` refused.
         *
         *     A dry run changes nothing. Pass ``nextAfter`` as ``after`` of the next call; it is null when no job is left.
         */
        ActionAnswer: {
            /**
             * Success
             * @default true
             * @constant
             */
            success?: true;
            /** Matched */
            matched: number;
            /** Changed */
            changed: number;
            /** Failed */
            failed: components["schemas"]["FailedAction"][];
            /** Dryrun */
            dryRun: boolean;
            /** Nextafter */
            nextAfter: string | null;
        };
        /**
         * ActorOut
         * @description Who made a change. A key acts for the user who created it.
         */
        ActorOut: {
            /** Id */
            _id: string;
            kind: components["schemas"]["Kind"];
            /** Email */
            email: string;
            apiKey: components["schemas"]["KeyOfActor"] | null;
        };
        /**
         * AddComment
         * @description A comment: plain text.
         */
        AddComment: {
            /**
             * Text
             * @example The bank is down; redrive at noon.
             */
            text: string;
        };
        /**
         * AddMember
         * @description A new member of the caller's tenant; without a password one is generated.
         */
        AddMember: {
            /** Username */
            username: string;
            /**
             * Email
             * Format: email
             */
            email: string;
            /**
             * Role
             * @default member
             * @enum {string}
             */
            role?: "admin" | "member" | "viewer";
            /**
             * Password
             * @default null
             */
            password?: string | null;
        };
        /**
         * AlertAnswer
         * @description A rule.
         */
        AlertAnswer: {
            /**
             * Success
             * @default true
             * @constant
             */
            success?: true;
            alert: components["schemas"]["AlertOut"];
        };
        /**
         * AlertKind
         * @description What a rule measures.
         * @enum {string}
         */
        AlertKind: "queue_age" | "dlq_growth" | "failure_rate" | "schedule_overdue" | "schedule_failures";
        /**
         * AlertOut
         * @description A rule and its state. `value`, `subject` (what is worst) and `jobs` (of a rate) are as of `checkedAt`.
         */
        AlertOut: {
            /** Id */
            _id: string;
            /** Tenantid */
            tenantId: string;
            /** Ownerid */
            ownerId: string;
            /** Name */
            name: string;
            kind: components["schemas"]["AlertKind"];
            /**
             * Scope
             * @enum {string}
             */
            scope: "tenant" | "all";
            /** Threshold */
            threshold: number;
            /** Windows */
            windowS: number;
            /** Minjobs */
            minJobs: number;
            /** Queue */
            queue: string | null;
            /** Task */
            task: string | null;
            /** Schedule */
            schedule: string | null;
            /**
             * Condition
             * @description In a sentence.
             */
            condition: string;
            /** Fors */
            forS: number;
            /** Repeats */
            repeatS: number;
            severity: components["schemas"]["Severity"];
            /** Enabled */
            enabled: boolean;
            /** Muteduntil */
            mutedUntil: string | null;
            status: components["schemas"]["AlertStatus"];
            /**
             * Since
             * @description When it entered this status.
             */
            since: string | null;
            /**
             * Value
             * @description Null if there is nothing to measure, or it was not measured yet.
             */
            value: number | null;
            /** Subject */
            subject: string;
            /** Jobs */
            jobs: number | null;
            /** Checkedat */
            checkedAt: string | null;
            /** Firings */
            firings: number;
            /**
             * Firedat
             * @description When it fired last.
             */
            firedAt: string | null;
            /** Con */
            con: string;
            /** Mon */
            mon: string;
        };
        /**
         * AlertPreviewAnswer
         * @description A measurement.
         */
        AlertPreviewAnswer: {
            /**
             * Success
             * @default true
             * @constant
             */
            success?: true;
            preview: components["schemas"]["AlertPreviewOut"];
        };
        /**
         * AlertPreviewOut
         * @description What is measured now, and whether that reaches the threshold.
         */
        AlertPreviewOut: {
            /** Value */
            value: number | null;
            /** Subject */
            subject: string;
            /** Jobs */
            jobs: number | null;
            /** Met */
            met: boolean;
            /** Condition */
            condition: string;
        };
        /**
         * AlertStatus
         * @description The state of a rule.
         * @enum {string}
         */
        AlertStatus: "ok" | "pending" | "firing" | "resolved";
        /**
         * AlertsAnswer
         * @description The rules of the tenant, newest first. `owners` maps ids to names.
         */
        AlertsAnswer: {
            /**
             * Success
             * @default true
             * @constant
             */
            success?: true;
            /** Alerts */
            alerts: components["schemas"]["AlertOut"][];
            /** Owners */
            owners: {
                [key: string]: string;
            };
        };
        /**
         * AnalyticsAnswer
         * @description A range compared with the one before.
         *
         *     ``groups``, ``slowest`` (by p95 of the run time) and ``mostRetried`` (by retries) have tasks with most attempts
         *     first; ``workers`` only with ``by=worker``, null if counting takes too long.
         */
        AnalyticsAnswer: {
            /**
             * Success
             * @default true
             * @constant
             */
            success?: true;
            range: components["schemas"]["PeriodOut"];
            previousRange: components["schemas"]["PeriodOut"];
            /** Buckets */
            bucketS: number;
            /** Buckets */
            buckets: components["schemas"]["BucketOut"][];
            total: components["schemas"]["TallyOut"];
            previous: components["schemas"]["TallyOut"];
            /** Groups */
            groups: components["schemas"]["GroupOut"][];
            /** Slowest */
            slowest: components["schemas"]["GroupOut"][];
            /** Mostretried */
            mostRetried: components["schemas"]["GroupOut"][];
            /** Errors */
            errors: components["schemas"]["TopErrorOut"][];
            /** Workers */
            workers: components["schemas"]["WorkerTallyOut"][] | null;
            /** Deployments */
            deployments: components["schemas"]["DeploymentOut"][];
            /**
             * Tenants
             * @description Names of the tenants in `groups` by id.
             */
            tenants: {
                [key: string]: string;
            };
        };
        /**
         * AnyJson
         * @description Any JSON.
         */
        AnyJson: unknown;
        /**
         * ApiKeyOut
         * @description A key without its secret. `ownerId` created it; `prefix` is what its text begins with.
         */
        ApiKeyOut: {
            /** Id */
            _id: string;
            /** Name */
            name: string;
            /** Scopes */
            scopes: components["schemas"]["KeyScope"][];
            /** Prefix */
            prefix: string;
            /** Ownerid */
            ownerId: string;
            /** Tenantid */
            tenantId: string;
            /** Expiresat */
            expiresAt: string | null;
            /** Expired */
            expired: boolean;
            /**
             * Lastusedat
             * @description Up to a minute old.
             */
            lastUsedAt: string | null;
            /** Con */
            con: string;
        };
        /**
         * ApiKeysAnswer
         * @description The keys of the tenant, newest first. `owners` maps ids to names.
         */
        ApiKeysAnswer: {
            /**
             * Success
             * @default true
             * @constant
             */
            success?: true;
            /** Apikeys */
            apiKeys: components["schemas"]["ApiKeyOut"][];
            /** Owners */
            owners: {
                [key: string]: string;
            };
        };
        /**
         * AskAnalytics
         * @description Which range, and of what.
         */
        AskAnalytics: {
            /**
             * From
             * Format: date-time
             * @description The start of the range; it begins with the span that contains it.
             * @example 2030-01-31T12:00:00Z
             */
            from: string;
            /**
             * To
             * Format: date-time
             * @description The end; the range ends with the span that contains it.
             * @example 2030-01-31T12:00:00Z
             */
            to: string;
            /**
             * @description Tenants are compared for operators.
             * @default task
             */
            by?: components["schemas"]["Dimension"];
            /**
             * Task
             * @default null
             */
            task?: string | null;
            /**
             * Queue
             * @default null
             */
            queue?: string | null;
            /**
             * Tenant
             * @description Of one tenant, for operators, who see all without it.
             * @default null
             */
            tenant?: string | null;
        };
        /**
         * AskForecast
         * @description Of which tenant.
         */
        AskForecast: {
            /**
             * Tenant
             * @description Of one tenant, for operators, who see all without it.
             * @default null
             */
            tenant?: string | null;
        };
        /**
         * AskSeries
         * @description Which chart: the last hour per minute, day per 15 minutes, or week per 2 hours.
         */
        AskSeries: {
            /** @default hour */
            window?: components["schemas"]["Window"];
            /**
             * Task
             * @default null
             */
            task?: string | null;
            /**
             * Queue
             * @default null
             */
            queue?: string | null;
        };
        /**
         * AttemptOut
         * @description One execution of a job. ``waitMs``: from ready to start.
         */
        AttemptOut: {
            /** Number */
            number: number;
            /** Workerid */
            workerId: string;
            /** Startedat */
            startedAt: string;
            /** Endedat */
            endedAt: string | null;
            outcome: components["schemas"]["Outcome"] | null;
            /** Waitms */
            waitMs: number;
            /** Runms */
            runMs: number;
            error: components["schemas"]["ErrorOut"] | null;
            /**
             * Traceid
             * @description W3C trace id of the attempt; absent where no spans are exported.
             * @default null
             */
            traceId?: string | null;
            /**
             * Traceurl
             * @description Its trace, if `TRACE_URL` is set.
             * @default null
             */
            traceUrl?: string | null;
        };
        /**
         * AttemptsAnswer
         * @description A job's attempts, oldest first; the newest 50 are kept.
         */
        AttemptsAnswer: {
            /**
             * Success
             * @default true
             * @constant
             */
            success?: true;
            /** Attempts */
            attempts: components["schemas"]["AttemptOut"][];
        };
        /**
         * BatchAnswer
         * @description One batch.
         */
        BatchAnswer: {
            /**
             * Success
             * @default true
             * @constant
             */
            success?: true;
            batch: components["schemas"]["BatchOut"];
        };
        /**
         * BatchOut
         * @description A batch. ``done`` to ``waiting`` count its jobs, at its end once it has ended.
         *
         *     ``failed`` are those in the DLQ. ``onComplete`` and ``onSuccess``: the jobs that it submitted when it ended.
         */
        BatchOut: {
            /** Id */
            _id: string;
            /** Tenantid */
            tenantId: string;
            /** Ownerid */
            ownerId: string;
            /** Name */
            name: string;
            status: components["schemas"]["BatchStatus"];
            /** Total */
            total: number;
            /** Done */
            done: number;
            /** Failed */
            failed: number;
            /** Cancelled */
            cancelled: number;
            /** Running */
            running: number;
            /** Waiting */
            waiting: number;
            /** Cancelrequested */
            cancelRequested: boolean;
            /** Oncomplete */
            onComplete: string | null;
            /** Onsuccess */
            onSuccess: string | null;
            /** Finishedat */
            finishedAt: string | null;
            /** Traceid */
            traceId: string;
            /** Con */
            con: string;
            /** Mon */
            mon: string;
        };
        /**
         * BatchStatus
         * @description The state of a batch.
         * @enum {string}
         */
        BatchStatus: "submitting" | "running" | "completed" | "failed" | "cancelled" | "undone";
        /**
         * BatchesAnswer
         * @description Batches, newest first. ``owners`` and ``tenants`` map ids to names with a wider scope than ``own``.
         */
        BatchesAnswer: {
            /**
             * Success
             * @default true
             * @constant
             */
            success?: true;
            /** Nextcursor */
            nextCursor: string | null;
            /** Prevcursor */
            prevCursor: string | null;
            /** Owners */
            owners: {
                [key: string]: string;
            };
            /** Tenants */
            tenants: {
                [key: string]: string;
            };
            /** Batches */
            batches: components["schemas"]["BatchOut"][];
        };
        /**
         * BlockOut
         * @description What keeps a pending job from starting: a limit, with the job's key if it has one, its paused queue or task, or
         *     its tenant, which is paused or whose concurrency is used up. None of them is named if everything is paused.
         *
         *     ``why``: ``full``, ``rate`` (a start is allowed at ``until``) or ``paused``. ``held`` jobs hold the limit,
         *     ``of`` may; null is any number.
         */
        BlockOut: {
            /** Limit */
            limit: string | null;
            /** Key */
            key: string | null;
            /** Queue */
            queue: string | null;
            /** Tenant */
            tenant: string | null;
            /** Task */
            task: string | null;
            /**
             * Why
             * @enum {string}
             */
            why: "full" | "rate" | "paused";
            /** Held */
            held: number;
            /** Of */
            of: number | null;
            /** Until */
            until: string | null;
        };
        /**
         * BoundsOut
         * @description Bounds of a limit; null is unlimited.
         */
        BoundsOut: {
            /** Concurrency */
            concurrency: number | null;
            /** Rate */
            rate: string | null;
            /** Burst */
            burst: number | null;
            /** Total */
            total: number | null;
        };
        /**
         * BucketOut
         * @description A span of time that begins at ``t``.
         */
        BucketOut: {
            /** Started */
            started: number;
            /** Completed */
            completed: number;
            /** Failed */
            failed: number;
            /** Retried */
            retried: number;
            /** Dlq */
            dlq: number;
            wait: components["schemas"]["PercentilesOut"];
            run: components["schemas"]["PercentilesOut"];
            /** T */
            t: string;
        };
        /**
         * CallbackJob
         * @description A job that is submitted when a batch ends.
         */
        CallbackJob: {
            /**
             * Task
             * @default simulated
             * @example simulated
             */
            task?: string;
            /**
             * Payload
             * @description Input of the task; GET /tasks has its schema.
             */
            payload?: {
                [key: string]: unknown;
            };
            /**
             * Queue
             * @default null
             */
            queue?: string | null;
            /**
             * Priority
             * @description 9 is served first.
             * @default 5
             */
            priority?: number;
            /**
             * Maxretries
             * @default null
             */
            maxRetries?: number | null;
            /**
             * Timeouts
             * @default null
             */
            timeoutS?: number | null;
            /** Tags */
            tags?: string[];
            /**
             * Name
             * @example Monthly report
             */
            name: string;
        };
        /**
         * ChangeAlert
         * @description What to change of a rule. Fields that are left out stay as they are; null for a name means any.
         */
        ChangeAlert: {
            /**
             * Name
             * @default null
             */
            name?: string | null;
            /**
             * Threshold
             * @default null
             */
            threshold?: number | null;
            /**
             * Windows
             * @default null
             */
            windowS?: number | null;
            /**
             * Minjobs
             * @default null
             */
            minJobs?: number | null;
            /**
             * Queue
             * @default null
             */
            queue?: string | null;
            /**
             * Task
             * @default null
             */
            task?: string | null;
            /**
             * Schedule
             * @default null
             */
            schedule?: string | null;
            /**
             * Fors
             * @default null
             */
            forS?: number | null;
            /**
             * Repeats
             * @default null
             */
            repeatS?: number | null;
            /** @default null */
            severity?: components["schemas"]["Severity"] | null;
            /**
             * Enabled
             * @default null
             */
            enabled?: boolean | null;
        };
        /**
         * ChangeLimit
         * @description New bounds. Fields that are left out stay; null lifts a bound.
         */
        ChangeLimit: {
            /**
             * Concurrency
             * @default null
             */
            concurrency?: number | null;
            /**
             * Rate
             * @description Starts per s, min or h, such as 100/s, 30/min or 5/h.
             * @default null
             */
            rate?: string | null;
            /**
             * Burst
             * @default null
             */
            burst?: number | null;
            /**
             * Total
             * @default null
             */
            total?: number | null;
        };
        /**
         * ChangePassword
         * @description The current password and the new one.
         */
        ChangePassword: {
            /**
             * Currentpassword
             * Format: password
             */
            currentPassword: string;
            /**
             * Newpassword
             * Format: password
             */
            newPassword: string;
        };
        /**
         * ChangeProfile
         * @description Changes to the caller's account; another e-mail address needs the current password.
         */
        ChangeProfile: {
            /**
             * Username
             * @default null
             */
            username?: string | null;
            /**
             * Email
             * @default null
             */
            email?: string | null;
            /**
             * Currentpassword
             * @default null
             */
            currentPassword?: string | null;
        };
        /**
         * ChangeRole
         * @description A member's new role.
         */
        ChangeRole: {
            /**
             * Role
             * @enum {string}
             */
            role: "admin" | "member" | "viewer";
        };
        /**
         * ChangeSettings
         * @description Values to change. 0 is no limit; for days, jobs are kept for ever. null goes back to the default.
         */
        ChangeSettings: {
            /**
             * Submissionsperminute
             * @default null
             */
            submissionsPerMinute?: number | null;
            /**
             * Openjobs
             * @default null
             */
            openJobs?: number | null;
            /**
             * Concurrency
             * @default null
             */
            concurrency?: number | null;
            /**
             * Weight
             * @default null
             */
            weight?: number | null;
            /**
             * Keepcompleteddays
             * @default null
             */
            keepCompletedDays?: number | null;
            /**
             * Keepdlqdays
             * @default null
             */
            keepDlqDays?: number | null;
            /**
             * Keepcancelleddays
             * @default null
             */
            keepCancelledDays?: number | null;
        };
        /**
         * ChangeWebhook
         * @description What to change of a webhook. Fields that are left out stay as they are.
         */
        ChangeWebhook: {
            /**
             * Url
             * @default null
             */
            url?: string | null;
            /**
             * Events
             * @default null
             */
            events?: components["schemas"]["WebhookEvent"][] | null;
            /**
             * Description
             * @default null
             */
            description?: string | null;
        };
        /**
         * CheckOut
         * @description A dependency. ``detail`` says what failed.
         */
        CheckOut: {
            /** Ok */
            ok: boolean;
            /** Latencyms */
            latencyMs: number;
            /** Detail */
            detail: string;
        };
        /**
         * ChecksOut
         * @description All checks.
         */
        ChecksOut: {
            mongodb: components["schemas"]["CheckOut"];
            redis: components["schemas"]["CheckOut"];
            worker: components["schemas"]["WorkerCheckOut"];
        };
        /**
         * CommentAnswer
         * @description A comment.
         */
        CommentAnswer: {
            /**
             * Success
             * @default true
             * @constant
             */
            success?: true;
            comment: components["schemas"]["CommentOut"];
        };
        /**
         * CommentOut
         * @description A comment on the job ``jobId`` or the ``group``. ``ownerId`` is who wrote it, ``key`` the name of the API key by
         *     which a service did.
         */
        CommentOut: {
            /** Id */
            _id: string;
            /** Tenantid */
            tenantId: string;
            /** Jobid */
            jobId: string | null;
            /** Group */
            group: string | null;
            /** Ownerid */
            ownerId: string;
            /** Key */
            key: string | null;
            /** Text */
            text: string;
            /** Con */
            con: string;
        };
        /**
         * CommentsAnswer
         * @description Comments, newest first. ``owners`` maps ids to names of the authors; removed ones are missing.
         */
        CommentsAnswer: {
            /**
             * Success
             * @default true
             * @constant
             */
            success?: true;
            /** Comments */
            comments: components["schemas"]["CommentOut"][];
            /** Owners */
            owners: {
                [key: string]: string;
            };
            /** Nextcursor */
            nextCursor: string | null;
            /** Prevcursor */
            prevCursor: string | null;
        };
        /**
         * CompareDead
         * @description Which jobs of the DLQ, and how many of their payloads.
         */
        CompareDead: {
            /** @default own */
            scope?: components["schemas"]["Scope"];
            /**
             * Owner
             * @description Jobs of this user; needs `scope=tenant` or `all`.
             * @default null
             */
            owner?: string | null;
            /**
             * Tenant
             * @description Jobs of this tenant; needs `scope=all`.
             * @default null
             */
            tenant?: string | null;
            /**
             * Status
             * @description Repeat it, or separate by commas. `failed` is the same as `dlq`.
             * @default null
             */
            status?: components["schemas"]["StatusFilter"][] | null;
            /**
             * Task
             * @default null
             */
            task?: string | null;
            /**
             * Queue
             * @default null
             */
            queue?: string | null;
            /**
             * Tag
             * @default null
             */
            tag?: string | null;
            /**
             * Trace
             * @description `traceId` of the request that created the jobs.
             * @default null
             */
            trace?: string | null;
            /**
             * Batch
             * @description Jobs of this batch.
             * @default null
             */
            batch?: string | null;
            /**
             * Q
             * @description Prefixes of words of name, task, queue or tags, at most 8; or a job's id.
             * @default null
             */
            q?: string | null;
            /**
             * From
             * @description Created at this time or later.
             * @default null
             */
            from?: string | null;
            /**
             * To
             * @description Created before this time.
             * @default null
             */
            to?: string | null;
            /**
             * Group
             * @description `error.group`: errors that are alike.
             * @default null
             */
            group?: string | null;
            /**
             * Finishedfrom
             * @description Entered the DLQ at this time or later.
             * @default null
             */
            finishedFrom?: string | null;
            /**
             * Finishedto
             * @description Entered the DLQ before this time.
             * @default null
             */
            finishedTo?: string | null;
            /**
             * Sample
             * @description Payloads to compare: those of the newest.
             * @default 200
             */
            sample?: number;
        };
        /**
         * ComparePayloads
         * @description Which jobs, and how many of their payloads.
         */
        ComparePayloads: {
            /** @default own */
            scope?: components["schemas"]["Scope"];
            /**
             * Owner
             * @description Jobs of this user; needs `scope=tenant` or `all`.
             * @default null
             */
            owner?: string | null;
            /**
             * Tenant
             * @description Jobs of this tenant; needs `scope=all`.
             * @default null
             */
            tenant?: string | null;
            /**
             * Status
             * @description Repeat it, or separate by commas. `failed` is the same as `dlq`.
             * @default null
             */
            status?: components["schemas"]["StatusFilter"][] | null;
            /**
             * Task
             * @default null
             */
            task?: string | null;
            /**
             * Queue
             * @default null
             */
            queue?: string | null;
            /**
             * Tag
             * @default null
             */
            tag?: string | null;
            /**
             * Trace
             * @description `traceId` of the request that created the jobs.
             * @default null
             */
            trace?: string | null;
            /**
             * Batch
             * @description Jobs of this batch.
             * @default null
             */
            batch?: string | null;
            /**
             * Q
             * @description Prefixes of words of name, task, queue or tags, at most 8; or a job's id.
             * @default null
             */
            q?: string | null;
            /**
             * From
             * @description Created at this time or later.
             * @default null
             */
            from?: string | null;
            /**
             * To
             * @description Created before this time.
             * @default null
             */
            to?: string | null;
            /**
             * Sample
             * @description Payloads to compare: those of the newest.
             * @default 200
             */
            sample?: number;
        };
        /**
         * ComparisonAnswer
         * @description Payloads of the newest ``examined`` of the jobs that match. ``more``: there are others, which were not read.
         *
         *     ``same`` are fields that all have with one value, ``differ`` the others; ``fieldsLeftOut`` counts those beyond 300.
         */
        ComparisonAnswer: {
            /**
             * Success
             * @default true
             * @constant
             */
            success?: true;
            /** Examined */
            examined: number;
            /** More */
            more: boolean;
            /** Same */
            same: components["schemas"]["FieldOut"][];
            /** Differ */
            differ: components["schemas"]["FieldOut"][];
            /** Fieldsleftout */
            fieldsLeftOut: number;
            /**
             * Passedby
             * @description Jobs whose payloads are over 64 KB and not compared.
             */
            passedBy: number;
        };
        /**
         * ConfirmDeletion
         * @description The caller's password, and the name of what is deleted.
         */
        ConfirmDeletion: {
            /**
             * Currentpassword
             * Format: password
             */
            currentPassword: string;
            /** Name */
            name: string;
        };
        /**
         * CreateAlert
         * @description A rule: what it measures, from when on it fires, and who is notified.
         */
        CreateAlert: {
            kind: components["schemas"]["AlertKind"];
            /**
             * Threshold
             * @description Fires from this value on: seconds (`queue_age`, `schedule_overdue`), jobs (`dlq_growth`, `schedule_failures`) or percent (`failure_rate`).
             * @example 600
             */
            threshold: number;
            /**
             * Windows
             * @description For `dlq_growth` and `failure_rate`: counted by whole minutes, over an hour by quarters of one.
             * @default 900
             */
            windowS?: number;
            /**
             * Minjobs
             * @description For `failure_rate`: fewer ended jobs than this say nothing.
             * @default 10
             */
            minJobs?: number;
            /**
             * Queue
             * @description Of this queue only.
             * @default null
             */
            queue?: string | null;
            /**
             * Task
             * @description Of this task only.
             * @default null
             */
            task?: string | null;
            /**
             * Schedule
             * @description Of this schedule only.
             * @default null
             */
            schedule?: string | null;
            /**
             * Scope
             * @description `all`: over all tenants, for operators.
             * @default tenant
             * @enum {string}
             */
            scope?: "tenant" | "all";
            /**
             * Name
             * @example Mail is stuck
             */
            name: string;
            /**
             * Fors
             * @description How long it must hold before it fires.
             * @default 0
             */
            forS?: number;
            /**
             * Repeats
             * @description How often a notice of a firing is repeated; 0 is never, else 300 on.
             * @default 0
             */
            repeatS?: number;
            /** @default warning */
            severity?: components["schemas"]["Severity"];
            /**
             * Enabled
             * @default true
             */
            enabled?: boolean;
        };
        /**
         * CreateApiKey
         * @description A key for a service. It has no more rights than its scopes, and than the role of its creator.
         */
        CreateApiKey: {
            /**
             * Name
             * @example billing service
             */
            name: string;
            /**
             * Scopes
             * @description `admin` includes the others.
             * @example [
             *       "jobs:write"
             *     ]
             */
            scopes: components["schemas"]["KeyScope"][];
            /**
             * Expiresat
             * @description At most ten years from now; without it, the key does not expire.
             * @default null
             */
            expiresAt?: string | null;
        };
        /**
         * CreateBatch
         * @description Jobs that belong together. ``onComplete`` runs when all have ended, ``onSuccess`` if all completed.
         */
        CreateBatch: {
            /**
             * Name
             * @example Monthly report
             */
            name: string;
            /** Jobs */
            jobs: components["schemas"]["CreateJob"][];
            /** @default null */
            onComplete?: components["schemas"]["CallbackJob"] | null;
            /** @default null */
            onSuccess?: components["schemas"]["CallbackJob"] | null;
            /**
             * Idempotencykey
             * @default null
             */
            idempotencyKey?: string | null;
        };
        /**
         * CreateJob
         * @description A job to run. Only ``name`` is required; the task determines the defaults of the other fields.
         *
         *     ``delayS`` and ``runAt`` exclude each other.
         * @example {
         *       "name": "Monthly report"
         *     }
         * @example {
         *       "delayS": 60,
         *       "name": "Soon",
         *       "priority": 9,
         *       "tags": [
         *         "demo"
         *       ]
         *     }
         */
        CreateJob: {
            /**
             * Name
             * @example Monthly report
             */
            name: string;
            /**
             * Task
             * @default simulated
             * @example simulated
             */
            task?: string;
            /**
             * Payload
             * @description Input of the task; GET /tasks has its schema.
             */
            payload?: {
                [key: string]: unknown;
            };
            /**
             * Queue
             * @default null
             */
            queue?: string | null;
            /**
             * Priority
             * @description 9 is served first.
             * @default 5
             */
            priority?: number;
            /**
             * Delays
             * @default null
             */
            delayS?: number | null;
            /**
             * Runat
             * @default null
             */
            runAt?: string | null;
            /**
             * Maxretries
             * @default null
             */
            maxRetries?: number | null;
            /**
             * Timeouts
             * @default null
             */
            timeoutS?: number | null;
            /** Tags */
            tags?: string[];
            /**
             * Limitkeys
             * @description Keys of the task's limits, in place of the payload's.
             */
            limitKeys?: {
                [key: string]: string;
            };
            /**
             * Idempotencykey
             * @default null
             */
            idempotencyKey?: string | null;
            /**
             * @description Default: as the task says.
             * @default null
             */
            unique?: components["schemas"]["UniqueIn"] | null;
            /**
             * Dependson
             * @description Jobs that must have ended before this one runs.
             */
            dependsOn?: string[];
            /**
             * @description How they must end, otherwise this job is skipped. Default: `all_ok`, all completed.
             * @default null
             */
            runIf?: components["schemas"]["RunIf"] | null;
            /**
             * Traceparent
             * @description W3C trace context of the submitter. Default: the header `traceparent` of the call.
             * @default null
             */
            traceparent?: string | null;
        };
        /**
         * CreateJobs
         * @description Jobs to create, all or none. Either the call has an idempotency key, or jobs have their own.
         */
        CreateJobs: {
            /** Jobs */
            jobs: components["schemas"]["CreateJob"][];
            /**
             * Idempotencykey
             * @default null
             */
            idempotencyKey?: string | null;
        };
        /**
         * CreateUser
         * @description A sign-up.
         */
        CreateUser: {
            /** Username */
            username: string;
            /**
             * Email
             * Format: email
             */
            email: string;
            /**
             * Password
             * Format: password
             */
            password: string;
        };
        /**
         * CreateView
         * @description A view: a list of the dashboard, and the parameters of its address.
         */
        CreateView: {
            /**
             * Name
             * @example Dead letters of billing
             */
            name: string;
            page: components["schemas"]["ViewPage"];
            /**
             * Query
             * @default {}
             * @example {
             *       "q": "timeout",
             *       "queue": "billing"
             *     }
             */
            query?: {
                [key: string]: string;
            };
            /**
             * Shared
             * @description With everybody in the tenant; for admins.
             * @default false
             */
            shared?: boolean;
        };
        /**
         * CreateWebhook
         * @description A webhook: where to, and what it reports.
         */
        CreateWebhook: {
            /**
             * Url
             * @description http or https, without credentials.
             * @example https://example.com/hooks/queuecraft
             */
            url: string;
            /**
             * Events
             * @example [
             *       "job.completed",
             *       "job.dead"
             *     ]
             */
            events: components["schemas"]["WebhookEvent"][];
            /**
             * Description
             * @default
             * @example billing
             */
            description?: string;
        };
        /**
         * CreateWorkflow
         * @description A graph of jobs. It is checked whole: cycles, unknown nodes and bad references are refused.
         */
        CreateWorkflow: {
            /**
             * Name
             * @example Monthly report
             */
            name: string;
            /** Nodes */
            nodes: components["schemas"]["NodeIn"][];
            /**
             * Idempotencykey
             * @default null
             */
            idempotencyKey?: string | null;
        };
        /**
         * DeadAnswer
         * @description A page of jobs of the DLQ. ``comments`` has the number of comments on each job that has any.
         */
        DeadAnswer: {
            /**
             * Success
             * @default true
             * @constant
             */
            success?: true;
            /** Jobs */
            jobs: components["schemas"]["JobOut"][];
            /** Nextcursor */
            nextCursor: string | null;
            /** Prevcursor */
            prevCursor: string | null;
            /** Total */
            total: number | null;
            /** Totalisexact */
            totalIsExact: boolean | null;
            /**
             * Examined
             * @description With `payload`: jobs that were looked into for this page, at most 5,000, for about 2 seconds. So a page may have few jobs, or none, and a `nextCursor`: the jobs behind it were not looked into yet.
             * @default null
             */
            examined?: number | null;
            /**
             * Passedby
             * @description With `payload`: jobs of these with payloads over 64 KB, in which nothing is found.
             * @default null
             */
            passedBy?: number | null;
            /** Owners */
            owners: {
                [key: string]: string;
            };
            /** Tenants */
            tenants: {
                [key: string]: string;
            };
            /** Comments */
            comments: {
                [key: string]: number;
            };
        };
        /**
         * DeliveriesAnswer
         * @description Deliveries, newest first.
         */
        DeliveriesAnswer: {
            /**
             * Success
             * @default true
             * @constant
             */
            success?: true;
            /** Deliveries */
            deliveries: components["schemas"]["DeliveryOut"][];
            /** Nextcursor */
            nextCursor: string | null;
            /** Prevcursor */
            prevCursor: string | null;
        };
        /**
         * DeliveryAnswer
         * @description A delivery.
         */
        DeliveryAnswer: {
            /**
             * Success
             * @default true
             * @constant
             */
            success?: true;
            delivery: components["schemas"]["DeliveryOut"];
        };
        /**
         * DeliveryAttemptOut
         * @description One request. Without an answer `status` is null, and `error` says why.
         */
        DeliveryAttemptOut: {
            /** At */
            at: string;
            /** Durationms */
            durationMs: number;
            /** Status */
            status: number | null;
            /**
             * Answer
             * @description The first 1,024 bytes.
             */
            answer: string;
            /** Error */
            error: string;
        };
        /**
         * DeliveryOut
         * @description A message, and the attempts to deliver it, the last ten.
         */
        DeliveryOut: {
            /** Id */
            _id: string;
            /** Webhookid */
            webhookId: string;
            /**
             * Messageid
             * @description The `webhook-id` of all its attempts.
             */
            messageId: string;
            /** Type */
            type: string;
            /**
             * Subject
             * @description What it is about.
             * @example job:66f2a1b3c4d5e6f708192a3b
             */
            subject: string;
            /** Payload */
            payload: {
                [key: string]: unknown;
            };
            status: components["schemas"]["DeliveryStatus"];
            /** Tries */
            tries: number;
            /** Attempts */
            attempts: components["schemas"]["DeliveryAttemptOut"][];
            /** Nextat */
            nextAt: string | null;
            /** Con */
            con: string;
            /** Mon */
            mon: string;
        };
        /**
         * DeliveryStatus
         * @description The state of a delivery.
         * @enum {string}
         */
        DeliveryStatus: "pending" | "delivered" | "failed";
        /**
         * DeploymentOut
         * @description A version of the code, and when it was deployed.
         */
        DeploymentOut: {
            /** Version */
            version: string;
            /** At */
            at: string;
        };
        /**
         * Dimension
         * @description What counts are grouped by.
         * @enum {string}
         */
        Dimension: "task" | "queue" | "tenant" | "worker";
        /**
         * DlqGroupOut
         * @description Jobs whose errors are alike, with at most 20 of their tasks. ``sampleId`` is the newest of them. ``comments``:
         *     how many the caller's tenant, or the one that was asked for, has on the group.
         */
        DlqGroupOut: {
            /** Group */
            group: string;
            /** Type */
            type: string;
            /** Message */
            message: string;
            /** Count */
            count: number;
            /** Lastat */
            lastAt: string | null;
            /** Tasks */
            tasks: string[];
            /** Sampleid */
            sampleId: string;
            /** Comments */
            comments: number;
        };
        /**
         * DlqGroupsAnswer
         * @description Groups of the newest 50,000 jobs of the DLQ, the largest first, at most 100.
         */
        DlqGroupsAnswer: {
            /**
             * Success
             * @default true
             * @constant
             */
            success?: true;
            /** Groups */
            groups: components["schemas"]["DlqGroupOut"][];
        };
        /**
         * Done
         * @description Success, with nothing to return.
         */
        Done: {
            /**
             * Success
             * @default true
             * @constant
             */
            success?: true;
            /** Message */
            message: string;
        };
        /**
         * DoneAnswer
         * @description The job was changed.
         */
        DoneAnswer: {
            /**
             * Success
             * @default true
             * @constant
             */
            success?: true;
        };
        /**
         * EdgeOut
         * @description An edge of the graph: the node ``to`` needs the node ``from``.
         */
        EdgeOut: {
            /** From */
            from: string;
            /** To */
            to: string;
        };
        /**
         * EntriesAnswer
         * @description Entries, newest first.
         */
        EntriesAnswer: {
            /**
             * Success
             * @default true
             * @constant
             */
            success?: true;
            /** Entries */
            entries: components["schemas"]["EntryOut"][];
            /** Nextcursor */
            nextCursor: string | null;
            /** Prevcursor */
            prevCursor: string | null;
        };
        /**
         * EntryOut
         * @description A change. `before` and `after` have what the action concerns, without secrets and payloads.
         *
         *     `outcome` is `unknown` while a change is made, and stays so if the call died: it may have been made.
         */
        EntryOut: {
            /** Id */
            _id: string;
            /** At */
            at: string;
            /** Tenantid */
            tenantId: string;
            actor: components["schemas"]["ActorOut"];
            /** Action */
            action: string;
            /** Target */
            target: string;
            /** Before */
            before: {
                [key: string]: unknown;
            } | null;
            /** After */
            after: {
                [key: string]: unknown;
            } | null;
            /**
             * Outcome
             * @enum {string}
             */
            outcome: "done" | "unknown";
            /** Traceid */
            traceId: string;
        };
        /**
         * ErrorAnswer
         * @description An error. `code` is stable: match on it. `traceId` finds the call in the logs.
         */
        ErrorAnswer: {
            /**
             * Success
             * @default false
             * @constant
             */
            success?: false;
            /** Error */
            error: string;
            /**
             * Code
             * @description Left out of the two answers of the limits on job creation.
             * @default null
             */
            code?: string | null;
            /**
             * Message
             * @default null
             */
            message?: string | null;
            /**
             * Field
             * @description Dotted path of the field at fault.
             * @default null
             */
            field?: string | null;
            /**
             * Errors
             * @default null
             */
            errors?: components["schemas"]["FieldError"][] | null;
            /**
             * Traceid
             * @default null
             */
            traceId?: string | null;
            /**
             * Jobid
             * @description The job that holds the unique key.
             * @default null
             */
            jobId?: string | null;
            /**
             * Scope
             * @description The scope that the API key lacks.
             * @default null
             */
            scope?: string | null;
            /**
             * Retryafter
             * @description Seconds.
             * @default null
             */
            retryAfter?: number | null;
        };
        /**
         * ErrorOut
         * @description Why an attempt failed. Errors of one ``group`` are alike. Lists omit ``traceback``.
         */
        ErrorOut: {
            /** Type */
            type: string;
            /** Message */
            message: string;
            /** Group */
            group: string;
            /**
             * Traceback
             * @default null
             */
            traceback?: string | null;
        };
        /**
         * EventAnswer
         * @description The event.
         */
        EventAnswer: {
            /**
             * Success
             * @default true
             * @constant
             */
            success?: true;
            event: components["schemas"]["EventOut"];
        };
        /**
         * EventOut
         * @description An event that was sent to a job. ``step`` and ``n``: which step consumed it; null while none has.
         */
        EventOut: {
            /** Id */
            _id: string;
            /** Name */
            name: string;
            /** At */
            at: string;
            /** Step */
            step: string | null;
            /** N */
            n: number | null;
        };
        /**
         * ExportEntries
         * @description Which entries to export.
         */
        ExportEntries: {
            /**
             * Actor
             * @description Id of a user or of an API key.
             * @default null
             */
            actor?: string | null;
            /**
             * Action
             * @default null
             * @example queue.pause
             */
            action?: string | null;
            /**
             * Target
             * @default null
             * @example queue:emails
             */
            target?: string | null;
            /**
             * From
             * @description Made at this time or later.
             * @default null
             */
            from?: string | null;
            /**
             * To
             * @description Made before this time.
             * @default null
             */
            to?: string | null;
            /**
             * Tenant
             * @description Of one tenant; operators see those of all without it.
             * @default null
             */
            tenant?: string | null;
            /**
             * Cursor
             * @description `nextCursor` or `prevCursor` of a page.
             * @default null
             */
            cursor?: string | null;
            /**
             * Limit
             * @default 10000
             */
            limit?: number;
            /** @default ndjson */
            format?: components["schemas"]["ExportFormat"];
        };
        /**
         * ExportFormat
         * @description The format of an export.
         * @enum {string}
         */
        ExportFormat: "csv" | "json" | "ndjson";
        /**
         * ExportJobs
         * @description Which jobs to export, and how.
         */
        ExportJobs: {
            /** @default own */
            scope?: components["schemas"]["Scope"];
            /**
             * Owner
             * @description Jobs of this user; needs `scope=tenant` or `all`.
             * @default null
             */
            owner?: string | null;
            /**
             * Tenant
             * @description Jobs of this tenant; needs `scope=all`.
             * @default null
             */
            tenant?: string | null;
            /**
             * Status
             * @description Repeat it, or separate by commas. `failed` is the same as `dlq`.
             * @default null
             */
            status?: components["schemas"]["StatusFilter"][] | null;
            /**
             * Task
             * @default null
             */
            task?: string | null;
            /**
             * Queue
             * @default null
             */
            queue?: string | null;
            /**
             * Tag
             * @default null
             */
            tag?: string | null;
            /**
             * Trace
             * @description `traceId` of the request that created the jobs.
             * @default null
             */
            trace?: string | null;
            /**
             * Batch
             * @description Jobs of this batch.
             * @default null
             */
            batch?: string | null;
            /**
             * Q
             * @description Prefixes of words of name, task, queue or tags, at most 8; or a job's id.
             * @default null
             */
            q?: string | null;
            /**
             * From
             * @description Created at this time or later.
             * @default null
             */
            from?: string | null;
            /**
             * To
             * @description Created before this time.
             * @default null
             */
            to?: string | null;
            /**
             * Sort
             * @description Newest (`-`) or oldest first. By the time of the end only with `status` either `dlq` or `cancelled`, and over all tenants only of one `tenant`.
             * @default -created
             * @enum {string}
             */
            sort?: "-created" | "created" | "-finished" | "finished";
            format: components["schemas"]["ExportFormat"];
            /**
             * Background
             * @description Export by an operation, also if the file is small.
             * @default false
             */
            background?: boolean;
        };
        /**
         * FailedAction
         * @description A job that an action did not change, and why, in at most 200 characters.
         */
        FailedAction: {
            /** Id */
            id: string;
            /** Error */
            error: string;
            /** Code */
            code: string;
        };
        /**
         * FieldError
         * @description A field that is invalid.
         */
        FieldError: {
            /** Field */
            field: string;
            /** Message */
            message: string;
        };
        /**
         * FieldOut
         * @description A field of the payloads: in how many of them it is, and its values, the most frequent first, at most 10.
         */
        FieldOut: {
            /**
             * Path
             * @description Names joined by dots; a dot within a name is `\.`. Lists are values.
             */
            path: string;
            /** Present */
            present: number;
            /** Distinct */
            distinct: number;
            /** Values */
            values: components["schemas"]["ValueOut"][];
        };
        /**
         * FindTenants
         * @description Which tenants; ``q`` is a part of the name, or the id.
         */
        FindTenants: {
            /**
             * Q
             * @default
             */
            q?: string;
            /**
             * Limit
             * @default 20
             */
            limit?: number;
        };
        /**
         * FiringOut
         * @description A firing. `resolvedAt` is null while it lasts; `value` is that of its last notice; `notified` if anybody was.
         */
        FiringOut: {
            /** Id */
            _id: string;
            /** Ruleid */
            ruleId: string;
            /** Name */
            name: string;
            /** Number */
            number: number;
            severity: components["schemas"]["Severity"];
            /** Firedat */
            firedAt: string;
            /** Resolvedat */
            resolvedAt: string | null;
            /** Value */
            value: number | null;
            /** Subject */
            subject: string;
            /** Notified */
            notified: boolean;
        };
        /**
         * FiringsAnswer
         * @description Firings, newest first.
         */
        FiringsAnswer: {
            /**
             * Success
             * @default true
             * @constant
             */
            success?: true;
            /** Firings */
            firings: components["schemas"]["FiringOut"][];
            /** Nextcursor */
            nextCursor: string | null;
            /** Prevcursor */
            prevCursor: string | null;
        };
        /**
         * ForecastAnswer
         * @description A forecast.
         */
        ForecastAnswer: {
            /**
             * Success
             * @default true
             * @constant
             */
            success?: true;
            forecast: components["schemas"]["ForecastOut"];
        };
        /**
         * ForecastOut
         * @description Pending, running and retrying jobs, rates of the last 15 minutes, and in how many seconds none is left: null if
         *     as many are submitted as end.
         */
        ForecastOut: {
            /** Waiting */
            waiting: number;
            /** Endedpermin */
            endedPerMin: number;
            /** Submittedpermin */
            submittedPerMin: number;
            /** Drains */
            drainS: number | null;
        };
        /**
         * ForgotPassword
         * @description The address whose password was forgotten.
         */
        ForgotPassword: {
            /** Email */
            email: string;
        };
        /**
         * GroupOut
         * @description Counts of a task, a queue or a tenant: in the range, and in the one before.
         */
        GroupOut: {
            /** Name */
            name: string;
            current: components["schemas"]["TallyOut"];
            previous: components["schemas"]["TallyOut"];
        };
        /**
         * HealthAnswer
         * @description Whether jobs can be accepted and run.
         */
        HealthAnswer: {
            /** Success */
            success: boolean;
            /**
             * Status
             * @enum {string}
             */
            status: "healthy" | "unhealthy";
            /** Timestamp */
            timestamp: string;
            /**
             * Service
             * @default queuecraft
             * @constant
             */
            service?: "queuecraft";
            checks: components["schemas"]["ChecksOut"];
        };
        /**
         * InScope
         * @description Whose jobs.
         */
        InScope: {
            /** @default own */
            scope?: components["schemas"]["Scope"];
        };
        /**
         * InvitationOut
         * @description An open invitation, without its token.
         */
        InvitationOut: {
            /** Id */
            _id: string;
            /** Email */
            email: string;
            role: components["schemas"]["Role"];
            /** Invitedby */
            invitedBy: string;
            /** Expiresat */
            expiresAt: string;
            /** Con */
            con: string;
        };
        /**
         * InvitationsAnswer
         * @description The open invitations of the tenant, newest first. `owners` maps ids to names.
         */
        InvitationsAnswer: {
            /**
             * Success
             * @default true
             * @constant
             */
            success?: true;
            /** Invitations */
            invitations: components["schemas"]["InvitationOut"][];
            /** Owners */
            owners: {
                [key: string]: string;
            };
        };
        /**
         * Invite
         * @description Whom to invite, and the role that they get.
         */
        Invite: {
            /**
             * Email
             * Format: email
             */
            email: string;
            /**
             * Role
             * @default member
             * @enum {string}
             */
            role?: "admin" | "member" | "viewer";
        };
        /**
         * ItemsOut
         * @description The jobs of a map by state: ``done`` to ``waiting``, as those of a batch.
         */
        ItemsOut: {
            /** Total */
            total: number;
            /** Done */
            done: number;
            /** Failed */
            failed: number;
            /** Cancelled */
            cancelled: number;
            /** Running */
            running: number;
            /** Waiting */
            waiting: number;
        };
        /**
         * JobAnswer
         * @description One job.
         */
        JobAnswer: {
            /**
             * Success
             * @default true
             * @constant
             */
            success?: true;
            job: components["schemas"]["JobOut"];
        };
        /**
         * JobCreatedAnswer
         * @description The job. ``duplicate``: it is another one, which holds the unique key.
         */
        JobCreatedAnswer: {
            /**
             * Success
             * @default true
             * @constant
             */
            success?: true;
            job: components["schemas"]["JobOut"];
            /** Duplicate */
            duplicate: boolean;
        };
        /**
         * JobDetailAnswer
         * @description One job in full.
         */
        JobDetailAnswer: {
            /**
             * Success
             * @default true
             * @constant
             */
            success?: true;
            job: components["schemas"]["JobDetailOut"];
        };
        /**
         * JobDetailOut
         * @description A job with everything except its log lines.
         */
        JobDetailOut: {
            /** Id */
            _id: string;
            /** Name */
            name: string;
            /** Ownerid */
            ownerId: string;
            /** Tenantid */
            tenantId: string;
            /** Task */
            task: string;
            /** Queue */
            queue: string;
            /**
             * Pool
             * @description The pool of workers that runs it, absent if it is `default`.
             * @default default
             */
            pool?: string;
            /**
             * Limits
             * @description Limits that it falls under: `name` or `name:key`.
             * @default []
             */
            limits?: string[];
            /** Priority */
            priority: number;
            /** Tags */
            tags: string[];
            status: components["schemas"]["JobStatus"];
            /** Rev */
            rev: number;
            /**
             * Attempt
             * @description Attempts begun in total.
             */
            attempt: number;
            /**
             * Retrycount
             * @description Retries burned since the last redrive.
             */
            retryCount: number;
            /** Maxretries */
            maxRetries: number;
            /** Timeouts */
            timeoutS: number;
            /** Redrives */
            redrives: number;
            /** Runat */
            runAt: string | null;
            /** Readyat */
            readyAt: string;
            /** Startedat */
            startedAt: string | null;
            /** Finishedat */
            finishedAt: string | null;
            /** Cancelrequested */
            cancelRequested: boolean;
            progress: components["schemas"]["ProgressOut"] | null;
            error: components["schemas"]["ErrorOut"] | null;
            /** Traceid */
            traceId: string;
            /**
             * Schedule
             * @description Name of the schedule that made the job.
             * @default null
             */
            schedule?: string | null;
            /** Con */
            con: string;
            /** Mon */
            mon: string;
            /**
             * Uniquekey
             * @default null
             */
            uniqueKey?: string | null;
            /**
             * Runsafter
             * @description The job whose end it waits for.
             * @default null
             */
            runsAfter?: string | null;
            /**
             * @description The node of a workflow that it belongs to.
             * @default null
             */
            workflow?: components["schemas"]["PartOut"] | null;
            /**
             * Waitsfor
             * @description What ends the wait of a waiting job before `readyAt`: `event:<name>` or `job:<id>`.
             * @default []
             */
            waitsFor?: string[];
            /**
             * Batchid
             * @description The batch that it belongs to.
             * @default null
             */
            batchId?: string | null;
            /**
             * Apikeyid
             * @description The API key by which it was submitted.
             * @default null
             */
            apiKeyId?: string | null;
            /**
             * Replayof
             * @description The job of which it is a replay.
             * @default null
             */
            replayOf?: string | null;
            /**
             * Traceparent
             * @description W3C trace context of its submission.
             * @default null
             */
            traceparent?: string | null;
            /** Payload */
            payload: unknown;
            /** Result */
            result: unknown;
            /**
             * Payloadtruncated
             * @description The payload is over 512 KB, or cannot be read now, and is null here. Like the fields of its size and link, this is absent for payloads up to 64 KB.
             * @default false
             */
            payloadTruncated?: boolean;
            /**
             * Payloadbytes
             * @description Its size as JSON.
             * @default null
             */
            payloadBytes?: number | null;
            /**
             * Payloadurl
             * @description Where the whole can be fetched, for 15 minutes; null if it has redacted values.
             * @default null
             */
            payloadUrl?: string | null;
            /**
             * Resulttruncated
             * @description The same for the result.
             * @default false
             */
            resultTruncated?: boolean;
            /**
             * Resultbytes
             * @default null
             */
            resultBytes?: number | null;
            /**
             * Resulturl
             * @default null
             */
            resultUrl?: string | null;
            /** Attempts */
            attempts: components["schemas"]["AttemptOut"][];
            /**
             * Redacted
             * @description Paths in payloads and result that show `"[redacted]"`, by its task or its tenant.
             */
            redacted: string[];
            unique: components["schemas"]["UniqueOut"] | null;
            /**
             * Earlierpayloads
             * @description Payloads of past attempts that were replaced since; the newest 5 are kept.
             */
            earlierPayloads: components["schemas"]["PastPayloadOut"][];
            /**
             * Blockedby
             * @description What it waits for while it is pending; empty if only its turn.
             */
            blockedBy: components["schemas"]["BlockOut"][];
            /**
             * Dependson
             * @description Jobs that must have ended before this one runs.
             */
            dependsOn: string[];
            /** @description How they must end; null if it depends on none. */
            runIf: components["schemas"]["RunIf"] | null;
            /**
             * Needs
             * @description The jobs of `dependsOn`, as they are now.
             */
            needs: components["schemas"]["RelatedOut"][];
            /**
             * Dependents
             * @description Jobs that depend on this one, at most 100: ended ones first.
             */
            dependents: components["schemas"]["RelatedOut"][];
            /**
             * Traceurl
             * @description The trace of its submission, if `TRACE_URL` is set.
             * @default null
             */
            traceUrl?: string | null;
            /**
             * Moredependents
             * @description Whether there are others than the listed ones.
             */
            moreDependents: boolean;
            /** @description The job of `replayOf`, as it is now; null if it is no replay. */
            origin: components["schemas"]["RelatedOut"] | null;
            /**
             * Replays
             * @description The newest replays of this job, at most 20.
             */
            replays: components["schemas"]["RelatedOut"][];
            /**
             * Morereplays
             * @description Whether there are older ones.
             */
            moreReplays: boolean;
            /**
             * Expiresat
             * @description From when on it is deleted, by the tenant's settings; null: kept, or not ended.
             */
            expiresAt: string | null;
        };
        /**
         * JobOut
         * @description A job as lists and events show it. ``con`` and ``mon``: created and modified. Each change increments ``rev``.
         *
         *     Fields that only some jobs have are absent from the others.
         */
        JobOut: {
            /** Id */
            _id: string;
            /** Name */
            name: string;
            /** Ownerid */
            ownerId: string;
            /** Tenantid */
            tenantId: string;
            /** Task */
            task: string;
            /** Queue */
            queue: string;
            /**
             * Pool
             * @description The pool of workers that runs it, absent if it is `default`.
             * @default default
             */
            pool?: string;
            /**
             * Limits
             * @description Limits that it falls under: `name` or `name:key`.
             * @default []
             */
            limits?: string[];
            /** Priority */
            priority: number;
            /** Tags */
            tags: string[];
            status: components["schemas"]["JobStatus"];
            /** Rev */
            rev: number;
            /**
             * Attempt
             * @description Attempts begun in total.
             */
            attempt: number;
            /**
             * Retrycount
             * @description Retries burned since the last redrive.
             */
            retryCount: number;
            /** Maxretries */
            maxRetries: number;
            /** Timeouts */
            timeoutS: number;
            /** Redrives */
            redrives: number;
            /** Runat */
            runAt: string | null;
            /** Readyat */
            readyAt: string;
            /** Startedat */
            startedAt: string | null;
            /** Finishedat */
            finishedAt: string | null;
            /** Cancelrequested */
            cancelRequested: boolean;
            progress: components["schemas"]["ProgressOut"] | null;
            error: components["schemas"]["ErrorOut"] | null;
            /** Traceid */
            traceId: string;
            /**
             * Schedule
             * @description Name of the schedule that made the job.
             * @default null
             */
            schedule?: string | null;
            /** Con */
            con: string;
            /** Mon */
            mon: string;
            /**
             * Uniquekey
             * @default null
             */
            uniqueKey?: string | null;
            /**
             * Runsafter
             * @description The job whose end it waits for.
             * @default null
             */
            runsAfter?: string | null;
            /**
             * @description The node of a workflow that it belongs to.
             * @default null
             */
            workflow?: components["schemas"]["PartOut"] | null;
            /**
             * Waitsfor
             * @description What ends the wait of a waiting job before `readyAt`: `event:<name>` or `job:<id>`.
             * @default []
             */
            waitsFor?: string[];
            /**
             * Batchid
             * @description The batch that it belongs to.
             * @default null
             */
            batchId?: string | null;
            /**
             * Apikeyid
             * @description The API key by which it was submitted.
             * @default null
             */
            apiKeyId?: string | null;
            /**
             * Replayof
             * @description The job of which it is a replay.
             * @default null
             */
            replayOf?: string | null;
            /**
             * Traceparent
             * @description W3C trace context of its submission.
             * @default null
             */
            traceparent?: string | null;
        };
        /**
         * JobStatus
         * @description The stored state of a job. ``TRANSITIONS`` lists the moves between states.
         * @enum {string}
         */
        JobStatus: "blocked" | "scheduled" | "pending" | "running" | "retrying" | "waiting" | "completed" | "dlq" | "cancelled" | "skipped";
        /**
         * JobsAnswer
         * @description A page of jobs. ``nextCursor`` is null on the last page, ``prevCursor`` on the first one.
         *
         *     ``total`` counts all matches up to 10,000 (then ``totalIsExact`` is false); null unless ``count=true``, or if
         *     counting takes too long. ``owners`` and ``tenants`` map ids to names of the jobs' owners and tenants, with
         *     ``scope`` ``tenant`` or ``all``; removed ones are missing.
         */
        JobsAnswer: {
            /**
             * Success
             * @default true
             * @constant
             */
            success?: true;
            /** Jobs */
            jobs: components["schemas"]["JobOut"][];
            /** Nextcursor */
            nextCursor: string | null;
            /** Prevcursor */
            prevCursor: string | null;
            /** Total */
            total: number | null;
            /** Totalisexact */
            totalIsExact: boolean | null;
            /**
             * Examined
             * @description With `payload`: jobs that were looked into for this page, at most 5,000, for about 2 seconds. So a page may have few jobs, or none, and a `nextCursor`: the jobs behind it were not looked into yet.
             * @default null
             */
            examined?: number | null;
            /**
             * Passedby
             * @description With `payload`: jobs of these with payloads over 64 KB, in which nothing is found.
             * @default null
             */
            passedBy?: number | null;
            /** Owners */
            owners: {
                [key: string]: string;
            };
            /** Tenants */
            tenants: {
                [key: string]: string;
            };
        };
        /**
         * JobsCreatedAnswer
         * @description Jobs in the order of the call. ``created`` counts the new ones. An entry of ``duplicates`` is true if the job is
         *     another one, which holds the unique key.
         *
         *     ``jobs`` is empty if it would be larger than can be returned; ``ids`` has all of them.
         */
        JobsCreatedAnswer: {
            /**
             * Success
             * @default true
             * @constant
             */
            success?: true;
            /** Ids */
            ids: string[];
            /** Jobs */
            jobs: components["schemas"]["JobOut"][];
            /** Created */
            created: number;
            /** Duplicates */
            duplicates: boolean[];
        };
        /**
         * KeyOfActor
         * @description An API key, as it was called then.
         */
        KeyOfActor: {
            /** Id */
            _id: string;
            /** Name */
            name: string;
        };
        /**
         * KeyOfCall
         * @description The API key by which a call was made.
         */
        KeyOfCall: {
            /** Id */
            _id: string;
            /** Name */
            name: string;
            /** Scopes */
            scopes: components["schemas"]["KeyScope"][];
            /**
             * Expiresat
             * @default null
             */
            expiresAt?: string | null;
        };
        /**
         * KeyScope
         * @description What an API key may be used for. Each route and each action of the WebSocket needs one of them.
         * @enum {string}
         */
        KeyScope: "jobs:read" | "jobs:write" | "dlq:write" | "queues:write" | "admin";
        /**
         * Kind
         * @description The kind of a principal.
         * @enum {string}
         */
        Kind: "person" | "key" | "system";
        /**
         * LastRunOut
         * @description The newest run of a schedule.
         */
        LastRunOut: {
            /** At */
            at: string;
            /** Jobid */
            jobId: string | null;
            skipped: components["schemas"]["Skip"] | null;
        };
        /**
         * LeaseOut
         * @description A running job and when its lease expires unless renewed.
         */
        LeaseOut: {
            /** Jobid */
            jobId: string;
            /** Expiresat */
            expiresAt: string;
        };
        /**
         * LimitAnswer
         * @description One limit.
         */
        LimitAnswer: {
            /**
             * Success
             * @default true
             * @constant
             */
            success?: true;
            limit: components["schemas"]["LimitOut"];
        };
        /**
         * LimitDetailAnswer
         * @description One limit in full.
         */
        LimitDetailAnswer: {
            /**
             * Success
             * @default true
             * @constant
             */
            success?: true;
            limit: components["schemas"]["LimitDetailOut"];
        };
        /**
         * LimitDetailOut
         * @description A limit with its busiest keys, and ids of jobs that hold it and that the caller may see; at most 100 of each.
         */
        LimitDetailOut: {
            /** Concurrency */
            concurrency: number | null;
            /** Rate */
            rate: string | null;
            /** Burst */
            burst: number | null;
            /** Total */
            total: number | null;
            /** Name */
            name: string;
            /** Per */
            per: string | null;
            /** Shared */
            shared: boolean;
            /** Tasks */
            tasks: string[];
            /** Paused */
            paused: boolean;
            declared: components["schemas"]["BoundsOut"];
            /**
             * Source
             * @enum {string}
             */
            source: "code" | "tenant" | "operators";
            /** Changedat */
            changedAt: string | null;
            /** Held */
            held: number;
            /** Waiting */
            waiting: number;
            /** Waitingisexact */
            waitingIsExact: boolean;
            /** Keys */
            keys: components["schemas"]["LimitKeyOut"][];
            /** Holders */
            holders: string[];
        };
        /**
         * LimitKeyOut
         * @description A key with its numbers of jobs that hold the limit and that wait for it.
         */
        LimitKeyOut: {
            /** Key */
            key: string;
            /** Held */
            held: number;
            /** Waiting */
            waiting: number;
        };
        /**
         * LimitOut
         * @description A limit as it stands for a tenant.
         *
         *     ``declared``: what code says. ``source``: who set what stands: the code, the tenant or the operators. ``held``: jobs
         *     that hold it; ``waiting``: ready jobs that wait for it, at least so many if ``waitingIsExact`` is false.
         */
        LimitOut: {
            /** Concurrency */
            concurrency: number | null;
            /** Rate */
            rate: string | null;
            /** Burst */
            burst: number | null;
            /** Total */
            total: number | null;
            /** Name */
            name: string;
            /** Per */
            per: string | null;
            /** Shared */
            shared: boolean;
            /** Tasks */
            tasks: string[];
            /** Paused */
            paused: boolean;
            declared: components["schemas"]["BoundsOut"];
            /**
             * Source
             * @enum {string}
             */
            source: "code" | "tenant" | "operators";
            /** Changedat */
            changedAt: string | null;
            /** Held */
            held: number;
            /** Waiting */
            waiting: number;
            /** Waitingisexact */
            waitingIsExact: boolean;
        };
        /**
         * LimitsAnswer
         * @description Limits by name, and that of all jobs of the tenant.
         */
        LimitsAnswer: {
            /**
             * Success
             * @default true
             * @constant
             */
            success?: true;
            /** Limits */
            limits: components["schemas"]["LimitOut"][];
            tenant: components["schemas"]["TenantLimitOut"];
        };
        /**
         * LinkOut
         * @description A link by which anybody gets the file until it expires.
         */
        LinkOut: {
            /** Url */
            url: string;
            /** Expiresat */
            expiresAt: string;
        };
        /**
         * ListBatches
         * @description Which batches, from which position.
         */
        ListBatches: {
            /** @default own */
            scope?: components["schemas"]["Scope"];
            /**
             * Owner
             * @description Jobs of this user; needs `scope=tenant` or `all`.
             * @default null
             */
            owner?: string | null;
            /**
             * Tenant
             * @description Jobs of this tenant; needs `scope=all`.
             * @default null
             */
            tenant?: string | null;
            /**
             * Cursor
             * @description `nextCursor` or `prevCursor` of a page.
             * @default null
             */
            cursor?: string | null;
            /**
             * Limit
             * @default 50
             */
            limit?: number;
            /**
             * @description Batches in this state.
             * @default null
             */
            status?: components["schemas"]["BatchStatus"] | null;
        };
        /**
         * ListComments
         * @description Which comments, from which position.
         */
        ListComments: {
            /**
             * Cursor
             * @description `nextCursor` or `prevCursor` of a page.
             * @default null
             */
            cursor?: string | null;
            /**
             * Limit
             * @default 50
             */
            limit?: number;
        };
        /**
         * ListDead
         * @description Which jobs of the DLQ, in which order, from which position.
         */
        ListDead: {
            /** @default own */
            scope?: components["schemas"]["Scope"];
            /**
             * Owner
             * @description Jobs of this user; needs `scope=tenant` or `all`.
             * @default null
             */
            owner?: string | null;
            /**
             * Tenant
             * @description Jobs of this tenant; needs `scope=all`.
             * @default null
             */
            tenant?: string | null;
            /**
             * Status
             * @description Repeat it, or separate by commas. `failed` is the same as `dlq`.
             * @default null
             */
            status?: components["schemas"]["StatusFilter"][] | null;
            /**
             * Task
             * @default null
             */
            task?: string | null;
            /**
             * Queue
             * @default null
             */
            queue?: string | null;
            /**
             * Tag
             * @default null
             */
            tag?: string | null;
            /**
             * Trace
             * @description `traceId` of the request that created the jobs.
             * @default null
             */
            trace?: string | null;
            /**
             * Batch
             * @description Jobs of this batch.
             * @default null
             */
            batch?: string | null;
            /**
             * Q
             * @description Prefixes of words of name, task, queue or tags, at most 8; or a job's id.
             * @default null
             */
            q?: string | null;
            /**
             * From
             * @description Created at this time or later.
             * @default null
             */
            from?: string | null;
            /**
             * To
             * @description Created before this time.
             * @default null
             */
            to?: string | null;
            /**
             * Group
             * @description `error.group`: errors that are alike.
             * @default null
             */
            group?: string | null;
            /**
             * Finishedfrom
             * @description Entered the DLQ at this time or later.
             * @default null
             */
            finishedFrom?: string | null;
            /**
             * Finishedto
             * @description Entered the DLQ before this time.
             * @default null
             */
            finishedTo?: string | null;
            /**
             * Sort
             * @description Newest (`-`) or oldest first. By the time of the end only with `status` either `dlq` or `cancelled`, and over all tenants only of one `tenant`.
             * @default -created
             * @enum {string}
             */
            sort?: "-created" | "created" | "-finished" | "finished";
            /**
             * Cursor
             * @description `nextCursor` or `prevCursor` of a page.
             * @default null
             */
            cursor?: string | null;
            /**
             * Limit
             * @default 50
             */
            limit?: number;
            /**
             * Count
             * @description Also answer `total`, counted up to 10,000; not with `payload`.
             * @default false
             */
            count?: boolean;
            /**
             * Payload
             * @description Fields of the payload: `customer.id=42`, or `customer.name~ada` for text that contains it. Repeat it for up to 3 conditions, which all must be met. A page then looks into a limited number of jobs, see `examined`.
             * @default null
             */
            payload?: string[] | null;
        };
        /**
         * ListDeliveries
         * @description Which deliveries, from which position.
         */
        ListDeliveries: {
            /** @default null */
            status?: components["schemas"]["DeliveryStatus"] | null;
            /**
             * Cursor
             * @description `nextCursor` or `prevCursor` of a page.
             * @default null
             */
            cursor?: string | null;
            /**
             * Limit
             * @default 50
             */
            limit?: number;
        };
        /**
         * ListEntries
         * @description Which entries, from which position.
         */
        ListEntries: {
            /**
             * Actor
             * @description Id of a user or of an API key.
             * @default null
             */
            actor?: string | null;
            /**
             * Action
             * @default null
             * @example queue.pause
             */
            action?: string | null;
            /**
             * Target
             * @default null
             * @example queue:emails
             */
            target?: string | null;
            /**
             * From
             * @description Made at this time or later.
             * @default null
             */
            from?: string | null;
            /**
             * To
             * @description Made before this time.
             * @default null
             */
            to?: string | null;
            /**
             * Tenant
             * @description Of one tenant; operators see those of all without it.
             * @default null
             */
            tenant?: string | null;
            /**
             * Cursor
             * @description `nextCursor` or `prevCursor` of a page.
             * @default null
             */
            cursor?: string | null;
            /**
             * Limit
             * @default 50
             */
            limit?: number;
        };
        /**
         * ListFirings
         * @description Which firings, from which position.
         */
        ListFirings: {
            /**
             * Rule
             * @default null
             */
            rule?: string | null;
            /**
             * Cursor
             * @description `nextCursor` or `prevCursor` of a page.
             * @default null
             */
            cursor?: string | null;
            /**
             * Limit
             * @default 50
             */
            limit?: number;
        };
        /**
         * ListGroupComments
         * @description Which comments on a group, from which position.
         */
        ListGroupComments: {
            /**
             * Cursor
             * @description `nextCursor` or `prevCursor` of a page.
             * @default null
             */
            cursor?: string | null;
            /**
             * Limit
             * @default 50
             */
            limit?: number;
            /**
             * Tenant
             * @default null
             */
            tenant?: string | null;
        };
        /**
         * ListJobs
         * @description Which jobs, in which order, from which position.
         */
        ListJobs: {
            /** @default own */
            scope?: components["schemas"]["Scope"];
            /**
             * Owner
             * @description Jobs of this user; needs `scope=tenant` or `all`.
             * @default null
             */
            owner?: string | null;
            /**
             * Tenant
             * @description Jobs of this tenant; needs `scope=all`.
             * @default null
             */
            tenant?: string | null;
            /**
             * Status
             * @description Repeat it, or separate by commas. `failed` is the same as `dlq`.
             * @default null
             */
            status?: components["schemas"]["StatusFilter"][] | null;
            /**
             * Task
             * @default null
             */
            task?: string | null;
            /**
             * Queue
             * @default null
             */
            queue?: string | null;
            /**
             * Tag
             * @default null
             */
            tag?: string | null;
            /**
             * Trace
             * @description `traceId` of the request that created the jobs.
             * @default null
             */
            trace?: string | null;
            /**
             * Batch
             * @description Jobs of this batch.
             * @default null
             */
            batch?: string | null;
            /**
             * Q
             * @description Prefixes of words of name, task, queue or tags, at most 8; or a job's id.
             * @default null
             */
            q?: string | null;
            /**
             * From
             * @description Created at this time or later.
             * @default null
             */
            from?: string | null;
            /**
             * To
             * @description Created before this time.
             * @default null
             */
            to?: string | null;
            /**
             * Sort
             * @description Newest (`-`) or oldest first. By the time of the end only with `status` either `dlq` or `cancelled`, and over all tenants only of one `tenant`.
             * @default -created
             * @enum {string}
             */
            sort?: "-created" | "created" | "-finished" | "finished";
            /**
             * Cursor
             * @description `nextCursor` or `prevCursor` of a page.
             * @default null
             */
            cursor?: string | null;
            /**
             * Limit
             * @default 50
             */
            limit?: number;
            /**
             * Count
             * @description Also answer `total`, counted up to 10,000; not with `payload`.
             * @default false
             */
            count?: boolean;
            /**
             * Payload
             * @description Fields of the payload: `customer.id=42`, or `customer.name~ada` for text that contains it. Repeat it for up to 3 conditions, which all must be met. A page then looks into a limited number of jobs, see `examined`.
             * @default null
             */
            payload?: string[] | null;
        };
        /**
         * ListLogs
         * @description Which log lines.
         */
        ListLogs: {
            /**
             * After
             * @description `nextAfter` of the previous call.
             * @default 0
             */
            after?: number;
            /**
             * Limit
             * @default 100
             */
            limit?: number;
        };
        /**
         * ListMails
         * @description How many mails to list.
         */
        ListMails: {
            /**
             * Limit
             * @default 50
             */
            limit?: number;
        };
        /**
         * ListOperations
         * @description Which operations, from which position.
         */
        ListOperations: {
            /**
             * @description Operations of this kind.
             * @default null
             */
            kind?: components["schemas"]["OperationKind"] | null;
            /**
             * Cursor
             * @description `nextCursor` or `prevCursor` of a page.
             * @default null
             */
            cursor?: string | null;
            /**
             * Limit
             * @default 50
             */
            limit?: number;
        };
        /**
         * ListRuns
         * @description Which runs of a schedule.
         */
        ListRuns: {
            /**
             * Tenant
             * @description Only an operator may name another tenant.
             * @default null
             */
            tenant?: string | null;
            /**
             * Cursor
             * @description `nextCursor` of a page.
             * @default null
             */
            cursor?: string | null;
            /**
             * Limit
             * @default 50
             */
            limit?: number;
        };
        /**
         * ListSchedules
         * @description Which schedules, from which position.
         */
        ListSchedules: {
            /** @default own */
            scope?: components["schemas"]["Scope"];
            /**
             * Owner
             * @description Jobs of this user; needs `scope=tenant` or `all`.
             * @default null
             */
            owner?: string | null;
            /**
             * Tenant
             * @description Jobs of this tenant; needs `scope=all`.
             * @default null
             */
            tenant?: string | null;
            /**
             * Cursor
             * @description `nextCursor` or `prevCursor` of a page.
             * @default null
             */
            cursor?: string | null;
            /**
             * Limit
             * @default 50
             */
            limit?: number;
            /**
             * Count
             * @description Also answer `total`, counted up to 10,000.
             * @default false
             */
            count?: boolean;
        };
        /**
         * ListSteps
         * @description Which steps.
         */
        ListSteps: {
            /**
             * After
             * @description `nextAfter` of the previous call.
             * @default 0
             */
            after?: number;
            /**
             * Limit
             * @default 100
             */
            limit?: number;
            /**
             * Results
             * @description Whether to return what steps returned; a page may then be shorter.
             * @default false
             */
            results?: boolean;
        };
        /**
         * ListWorkflows
         * @description Which workflows, from which position.
         */
        ListWorkflows: {
            /** @default own */
            scope?: components["schemas"]["Scope"];
            /**
             * Owner
             * @description Jobs of this user; needs `scope=tenant` or `all`.
             * @default null
             */
            owner?: string | null;
            /**
             * Tenant
             * @description Jobs of this tenant; needs `scope=all`.
             * @default null
             */
            tenant?: string | null;
            /**
             * Cursor
             * @description `nextCursor` or `prevCursor` of a page.
             * @default null
             */
            cursor?: string | null;
            /**
             * Limit
             * @default 50
             */
            limit?: number;
            /**
             * @description Workflows in this state.
             * @default null
             */
            status?: components["schemas"]["WorkflowStatus"] | null;
        };
        /**
         * LogIn
         * @description Credentials. ``cookie`` also starts a browser session.
         */
        LogIn: {
            /** Email */
            email: string;
            /**
             * Password
             * Format: password
             */
            password: string;
            /**
             * Cookie
             * @default false
             */
            cookie?: boolean;
        };
        /**
         * LogLineOut
         * @description A log line. ``seq`` orders the lines of a job; use it as ``after`` to continue from this line.
         */
        LogLineOut: {
            /** Seq */
            seq: number;
            /** Attempt */
            attempt: number;
            /** At */
            at: string;
            /** Level */
            level: string;
            /** Message */
            message: string;
        };
        /**
         * LogsAnswer
         * @description Log lines, oldest first. Pass ``nextAfter`` as ``after`` of the next call.
         */
        LogsAnswer: {
            /**
             * Success
             * @default true
             * @constant
             */
            success?: true;
            /** Lines */
            lines: components["schemas"]["LogLineOut"][];
            /** Nextafter */
            nextAfter: number;
        };
        /**
         * MailKind
         * @description What a mail is for.
         * @enum {string}
         */
        MailKind: "invitation" | "password-reset" | "failures" | "alert";
        /**
         * MailOut
         * @description A mail, and what became of it. `sentAt`: when it was sent, given up or dropped.
         */
        MailOut: {
            /** Id */
            _id: string;
            kind: components["schemas"]["MailKind"];
            /** To */
            to: string;
            /** Subject */
            subject: string;
            /** Text */
            text: string;
            /** Html */
            html: string;
            state: components["schemas"]["MailState"];
            /** Attempts */
            attempts: number;
            /** Error */
            error: string | null;
            /** Sentat */
            sentAt: string | null;
            /** Con */
            con: string;
        };
        /**
         * MailState
         * @description Where a mail is.
         * @enum {string}
         */
        MailState: "queued" | "sent" | "failed" | "dropped";
        /**
         * MailsAnswer
         * @description The newest mails.
         */
        MailsAnswer: {
            /**
             * Success
             * @default true
             * @constant
             */
            success?: true;
            /** Mails */
            mails: components["schemas"]["MailOut"][];
        };
        /**
         * MapIn
         * @description Makes a job of the node for each item of a list.
         */
        MapIn: {
            /**
             * From
             * @description Path of the list: `node.result.path`.
             */
            from: string;
            /**
             * Max
             * @description With more items the node fails.
             * @default 10000
             */
            max?: number;
            /**
             * Concurrency
             * @description How many of its jobs are released at once; null: all.
             * @default null
             */
            concurrency?: number | null;
        };
        /**
         * MatchedAnswer
         * @description A dry run: the number of jobs that match and are in a state that the action can change, counted up to 100,000,
         *     and the oldest ten of them.
         */
        MatchedAnswer: {
            /**
             * Success
             * @default true
             * @constant
             */
            success?: true;
            /** Matched */
            matched: number;
            /** Sample */
            sample: components["schemas"]["JobOut"][];
            /**
             * Payloads
             * @description Of a replay that merges: the payloads that the jobs of `sample` would have.
             * @default null
             */
            payloads?: components["schemas"]["MergedPayloadOut"][] | null;
        };
        /**
         * MeAnswer
         * @description The caller, for an API key its creator; ``csrfToken`` and ``lastEventId`` if the call was made with the cookie.
         *
         *     Whatever is read after this answer includes all events up to ``lastEventId``: a client that subscribes with it as
         *     ``since`` misses none.
         */
        MeAnswer: {
            /**
             * Success
             * @default true
             * @constant
             */
            success?: true;
            user: components["schemas"]["UserAnswer"];
            /** @default null */
            apiKey?: components["schemas"]["KeyOfCall"] | null;
            /**
             * Csrftoken
             * @default null
             */
            csrfToken?: string | null;
            /**
             * Lasteventid
             * @default null
             */
            lastEventId?: string | null;
        };
        /**
         * MemberAnswer
         * @description One member.
         */
        MemberAnswer: {
            /**
             * Success
             * @default true
             * @constant
             */
            success?: true;
            member: components["schemas"]["UserAnswer"];
        };
        /**
         * MembersAnswer
         * @description The members of the tenant.
         */
        MembersAnswer: {
            /**
             * Success
             * @default true
             * @constant
             */
            success?: true;
            /** Members */
            members: components["schemas"]["UserAnswer"][];
        };
        /**
         * MergedPayloadOut
         * @description The payload that the replay of a job would have. ``error``: why it cannot be replayed so, with the ``field``.
         */
        MergedPayloadOut: {
            /** Jobid */
            jobId: string;
            /** Payload */
            payload: {
                [key: string]: unknown;
            } | null;
            /** Error */
            error: string | null;
            /** Field */
            field: string | null;
        };
        /**
         * MetricsAnswer
         * @description Metrics of the caller's tenant; of all tenants for an operator.
         */
        MetricsAnswer: {
            /**
             * Success
             * @default true
             * @constant
             */
            success?: true;
            /** Timestamp */
            timestamp: string;
            metrics: components["schemas"]["MetricsOut"];
        };
        /**
         * MetricsOut
         * @description ``pending``, ``running``, ``dlq``, ``active``, ``waiting`` and ``total`` count existing jobs. The others count
         *     since the last reset.
         *
         *     Rates are percentages of the jobs that completed or went to the DLQ.
         */
        MetricsOut: {
            /** Jobs:Total */
            "jobs:total": number;
            /** Jobs:Submitted */
            "jobs:submitted": number;
            /** Jobs:Pending */
            "jobs:pending": number;
            /** Jobs:Running */
            "jobs:running": number;
            /** Jobs:Completed */
            "jobs:completed": number;
            /** Jobs:Failed */
            "jobs:failed": number;
            /** Jobs:Retries */
            "jobs:retries": number;
            /** Jobs:Dlq */
            "jobs:dlq": number;
            /** Jobs:Active */
            "jobs:active": number;
            /** Jobs:Waiting */
            "jobs:waiting": number;
            /** Rate Limit:Hits */
            "rate_limit:hits": number;
            /** Jobs:Success Rate */
            "jobs:success_rate": number;
            /** Jobs:Failure Rate */
            "jobs:failure_rate": number;
        };
        /**
         * Missed
         * @description What becomes of fires that were not made in time.
         * @enum {string}
         */
        Missed: "skip" | "once" | "all";
        /**
         * MuteAlert
         * @description Until when nobody is notified: a time, or a number of seconds from now.
         */
        MuteAlert: {
            /**
             * Until
             * @default null
             */
            until?: string | null;
            /**
             * Fors
             * @default null
             */
            forS?: number | null;
        };
        /**
         * NamedTally
         * @description Totals of a task or queue over the window.
         */
        NamedTally: {
            /** Started */
            started: number;
            /** Completed */
            completed: number;
            /** Failed */
            failed: number;
            /** Retried */
            retried: number;
            /** Dlq */
            dlq: number;
            wait: components["schemas"]["PercentilesOut"];
            run: components["schemas"]["PercentilesOut"];
            /** Name */
            name: string;
        };
        /**
         * Narrowing
         * @description Conditions that jobs must all meet.
         */
        Narrowing: {
            /** @default own */
            scope?: components["schemas"]["Scope"];
            /**
             * Owner
             * @description Jobs of this user; needs `scope=tenant` or `all`.
             * @default null
             */
            owner?: string | null;
            /**
             * Tenant
             * @description Jobs of this tenant; needs `scope=all`.
             * @default null
             */
            tenant?: string | null;
            /**
             * Status
             * @description Repeat it, or separate by commas. `failed` is the same as `dlq`.
             * @default null
             */
            status?: components["schemas"]["StatusFilter"][] | null;
            /**
             * Task
             * @default null
             */
            task?: string | null;
            /**
             * Queue
             * @default null
             */
            queue?: string | null;
            /**
             * Tag
             * @default null
             */
            tag?: string | null;
            /**
             * Trace
             * @description `traceId` of the request that created the jobs.
             * @default null
             */
            trace?: string | null;
            /**
             * Batch
             * @description Jobs of this batch.
             * @default null
             */
            batch?: string | null;
            /**
             * Q
             * @description Prefixes of words of name, task, queue or tags, at most 8; or a job's id.
             * @default null
             */
            q?: string | null;
            /**
             * From
             * @description Created at this time or later.
             * @default null
             */
            from?: string | null;
            /**
             * To
             * @description Created before this time.
             * @default null
             */
            to?: string | null;
        };
        /**
         * NarrowingDead
         * @description Conditions that jobs of the DLQ must all meet. ``q`` also searches type and message of the error.
         */
        NarrowingDead: {
            /** @default own */
            scope?: components["schemas"]["Scope"];
            /**
             * Owner
             * @description Jobs of this user; needs `scope=tenant` or `all`.
             * @default null
             */
            owner?: string | null;
            /**
             * Tenant
             * @description Jobs of this tenant; needs `scope=all`.
             * @default null
             */
            tenant?: string | null;
            /**
             * Status
             * @description Repeat it, or separate by commas. `failed` is the same as `dlq`.
             * @default null
             */
            status?: components["schemas"]["StatusFilter"][] | null;
            /**
             * Task
             * @default null
             */
            task?: string | null;
            /**
             * Queue
             * @default null
             */
            queue?: string | null;
            /**
             * Tag
             * @default null
             */
            tag?: string | null;
            /**
             * Trace
             * @description `traceId` of the request that created the jobs.
             * @default null
             */
            trace?: string | null;
            /**
             * Batch
             * @description Jobs of this batch.
             * @default null
             */
            batch?: string | null;
            /**
             * Q
             * @description Prefixes of words of name, task, queue or tags, at most 8; or a job's id.
             * @default null
             */
            q?: string | null;
            /**
             * From
             * @description Created at this time or later.
             * @default null
             */
            from?: string | null;
            /**
             * To
             * @description Created before this time.
             * @default null
             */
            to?: string | null;
            /**
             * Group
             * @description `error.group`: errors that are alike.
             * @default null
             */
            group?: string | null;
            /**
             * Finishedfrom
             * @description Entered the DLQ at this time or later.
             * @default null
             */
            finishedFrom?: string | null;
            /**
             * Finishedto
             * @description Entered the DLQ before this time.
             * @default null
             */
            finishedTo?: string | null;
        };
        /**
         * NewApiKeyAnswer
         * @description A new key, and its secret text, which only this answer shows.
         */
        NewApiKeyAnswer: {
            /**
             * Success
             * @default true
             * @constant
             */
            success?: true;
            apiKey: components["schemas"]["ApiKeyOut"];
            /** Secret */
            secret: string;
        };
        /**
         * NewInvitationAnswer
         * @description A new invitation, and its link, which only this answer shows. `mailed`: whether it is also sent by mail.
         */
        NewInvitationAnswer: {
            /**
             * Success
             * @default true
             * @constant
             */
            success?: true;
            invitation: components["schemas"]["InvitationOut"];
            /** Link */
            link: string;
            /** Mailed */
            mailed: boolean;
        };
        /**
         * NewMemberAnswer
         * @description A new member, and the generated password, which only this answer shows.
         */
        NewMemberAnswer: {
            /**
             * Success
             * @default true
             * @constant
             */
            success?: true;
            member: components["schemas"]["UserAnswer"];
            /**
             * Password
             * @default null
             */
            password?: string | null;
        };
        /**
         * NodeIn
         * @description A node: a job with an id, and the nodes whose ends it waits for. ``name``: by default its id.
         *
         *     In ``payload``, ``{"$from": "node.result.path"}`` stands for a result of a node before it, ``{"$from":
         *     "node.results"}`` for those of a map in order, ``{"$from": "item"}`` and ``{"$from": "index"}`` in a map.
         * @example {
         *       "name": "Monthly report"
         *     }
         * @example {
         *       "delayS": 60,
         *       "name": "Soon",
         *       "priority": 9,
         *       "tags": [
         *         "demo"
         *       ]
         *     }
         */
        NodeIn: {
            /**
             * Name
             * @default null
             */
            name?: string | null;
            /**
             * Task
             * @default simulated
             * @example simulated
             */
            task?: string;
            /**
             * Payload
             * @description Input of the task; GET /tasks has its schema.
             */
            payload?: {
                [key: string]: unknown;
            };
            /**
             * Queue
             * @default null
             */
            queue?: string | null;
            /**
             * Priority
             * @description 9 is served first.
             * @default 5
             */
            priority?: number;
            /**
             * Delays
             * @default null
             */
            delayS?: number | null;
            /**
             * Runat
             * @default null
             */
            runAt?: string | null;
            /**
             * Maxretries
             * @default null
             */
            maxRetries?: number | null;
            /**
             * Timeouts
             * @default null
             */
            timeoutS?: number | null;
            /** Tags */
            tags?: string[];
            /**
             * Limitkeys
             * @description Keys of the task's limits, in place of the payload's.
             */
            limitKeys?: {
                [key: string]: string;
            };
            /**
             * Idempotencykey
             * @default null
             */
            idempotencyKey?: string | null;
            /**
             * @description Default: as the task says.
             * @default null
             */
            unique?: components["schemas"]["UniqueIn"] | null;
            /**
             * Dependson
             * @description Jobs that must have ended before this one runs.
             */
            dependsOn?: string[];
            /**
             * @description How they must end, otherwise this job is skipped. Default: `all_ok`, all completed.
             * @default null
             */
            runIf?: components["schemas"]["RunIf"] | null;
            /**
             * Traceparent
             * @description W3C trace context of the submitter. Default: the header `traceparent` of the call.
             * @default null
             */
            traceparent?: string | null;
            /** Id */
            id: string;
            /** Needs */
            needs?: string[];
            /** @default null */
            map?: components["schemas"]["MapIn"] | null;
        };
        /**
         * NodeOut
         * @description A node. ``status`` is that of its job ``jobId``, null if the job is not recorded yet, or deleted.
         */
        NodeOut: {
            /** Id */
            id: string;
            /** Name */
            name: string;
            /** Task */
            task: string;
            status: components["schemas"]["JobStatus"] | null;
            /** Jobid */
            jobId: string;
            /** Needs */
            needs: string[];
            runIf: components["schemas"]["RunIf"];
            /** Run */
            run: number;
            /**
             * Map
             * @description Whether it has a job for each item of a list: `GET /job?batch={jobId}`.
             */
            map: boolean;
            /** @description Jobs of its map; null if it has none, or has not begun. */
            items: components["schemas"]["ItemsOut"] | null;
        };
        /**
         * NotificationsAnswer
         * @description Which mails the caller wants.
         */
        NotificationsAnswer: {
            /**
             * Success
             * @default true
             * @constant
             */
            success?: true;
            notifications: components["schemas"]["NotificationsOut"];
        };
        /**
         * NotificationsOut
         * @description Which mails the caller wants.
         */
        NotificationsOut: {
            failures: components["schemas"]["Rhythm"];
            /**
             * Scope
             * @enum {string}
             */
            scope: "own" | "tenant";
            /** Alerts */
            alerts: boolean;
        };
        /**
         * OnConflict
         * @description What a submission does when another job holds its unique key.
         * @enum {string}
         */
        OnConflict: "keep" | "reject" | "replace" | "push_back" | "run_after";
        /**
         * OpenInvitation
         * @description The token of an invitation.
         */
        OpenInvitation: {
            /**
             * Token
             * @description What follows `#` in the link.
             */
            token: string;
        };
        /**
         * OpenedAnswer
         * @description An invitation as the invited person sees it.
         */
        OpenedAnswer: {
            /**
             * Success
             * @default true
             * @constant
             */
            success?: true;
            invitation: components["schemas"]["OpenedInvitation"];
        };
        /**
         * OpenedInvitation
         * @description What an invitation is for.
         */
        OpenedInvitation: {
            /** Email */
            email: string;
            role: components["schemas"]["Role"];
            /** Tenant */
            tenant: string;
            /** Expiresat */
            expiresAt: string;
        };
        /**
         * OperationAnswer
         * @description One operation.
         */
        OperationAnswer: {
            /**
             * Success
             * @default true
             * @constant
             */
            success?: true;
            operation: components["schemas"]["OperationOut"];
        };
        /**
         * OperationKind
         * @description What an operation does with the jobs.
         * @enum {string}
         */
        OperationKind: "export" | "cancel" | "retry" | "redrive" | "delete" | "replay";
        /**
         * OperationOut
         * @description An operation. ``status``, ``progress``, ``error`` and ``finishedAt`` are those of its job, which has the same id;
         *     ``status`` is null once the job was deleted.
         *
         *     ``matched``: jobs that matched when it was asked for, null if there were too many to count. ``outcome``: what it
         *     did, null until it has ended. ``file``: of an export that completed, only where one operation is asked for.
         */
        OperationOut: {
            /** Id */
            _id: string;
            kind: components["schemas"]["OperationKind"];
            /** Name */
            name: string;
            status: components["schemas"]["JobStatus"] | null;
            progress: components["schemas"]["ProgressOut"] | null;
            error: components["schemas"]["ErrorOut"] | null;
            /** Cancelrequested */
            cancelRequested: boolean;
            /** Matched */
            matched: number | null;
            /** Options */
            options: {
                [key: string]: unknown;
            };
            /** Outcome */
            outcome: {
                [key: string]: unknown;
            } | null;
            file: components["schemas"]["LinkOut"] | null;
            /** Finishedat */
            finishedAt: string | null;
            /** Traceid */
            traceId: string;
            /** Con */
            con: string;
        };
        /**
         * OperationStartedAnswer
         * @description An operation that was started, and its job.
         */
        OperationStartedAnswer: {
            /**
             * Success
             * @default true
             * @constant
             */
            success?: true;
            operation: components["schemas"]["OperationOut"];
            job: components["schemas"]["JobOut"];
        };
        /**
         * OperationsAnswer
         * @description Operations of the caller, newest first.
         */
        OperationsAnswer: {
            /**
             * Success
             * @default true
             * @constant
             */
            success?: true;
            /** Operations */
            operations: components["schemas"]["OperationOut"][];
            /** Nextcursor */
            nextCursor: string | null;
            /** Prevcursor */
            prevCursor: string | null;
        };
        /**
         * Outcome
         * @description How one attempt of a job ended.
         * @enum {string}
         */
        Outcome: "completed" | "failed" | "timed_out" | "cancelled" | "lost" | "interrupted" | "snoozed" | "waiting" | "continued";
        /**
         * Overlap
         * @description What becomes of a fire while a job of the same schedule is open.
         * @enum {string}
         */
        Overlap: "skip" | "allow" | "queue_one" | "cancel_running";
        /**
         * PartOut
         * @description The place of a job in a workflow. ``run``: retry of the workflow that made it; ``index``: its item in a map.
         */
        PartOut: {
            /** Id */
            _id: string;
            /** Node */
            node: string;
            /** Run */
            run: number;
            /** Index */
            index: number | null;
        };
        /**
         * PasswordResetAnswer
         * @description A member, and the generated password, which only this answer shows.
         */
        PasswordResetAnswer: {
            /**
             * Success
             * @default true
             * @constant
             */
            success?: true;
            member: components["schemas"]["UserAnswer"];
            /**
             * Password
             * @default null
             */
            password?: string | null;
        };
        /**
         * PastPayloadOut
         * @description The payload of the attempts up to number ``untilAttempt``. Of a large one as with ``payload`` of the job.
         */
        PastPayloadOut: {
            /** Untilattempt */
            untilAttempt: number;
            /** Payload */
            payload: unknown;
            /**
             * Payloadtruncated
             * @default false
             */
            payloadTruncated?: boolean;
            /**
             * Payloadbytes
             * @default null
             */
            payloadBytes?: number | null;
            /**
             * Payloadurl
             * @default null
             */
            payloadUrl?: string | null;
        };
        /**
         * PauseChangedAnswer
         * @description Whether it is paused after this call, and whether the call changed it.
         */
        PauseChangedAnswer: {
            /**
             * Success
             * @default true
             * @constant
             */
            success?: true;
            /** Paused */
            paused: boolean;
            /** Changed */
            changed: boolean;
        };
        /**
         * PauseOut
         * @description Since when something is paused, and by whom.
         */
        PauseOut: {
            /** By */
            by: string;
            /** At */
            at: string;
        };
        /**
         * PauseReason
         * @description Why a webhook is paused.
         * @enum {string}
         */
        PauseReason: "by_hand" | "failing" | "gone";
        /**
         * PauseTask
         * @description For whom a task is paused: one tenant, which only an operator may name, or all.
         */
        PauseTask: {
            /**
             * Tenant
             * @default null
             */
            tenant?: string | null;
            /**
             * Scope
             * @description `all`: all tenants, for operators.
             * @default tenant
             * @enum {string}
             */
            scope?: "tenant" | "all";
        };
        /**
         * PausesAnswer
         * @description The pauses that hold for all queues of a tenant, null is none; and those of tasks, by name.
         */
        PausesAnswer: {
            /**
             * Success
             * @default true
             * @constant
             */
            success?: true;
            tenant: components["schemas"]["PauseOut"] | null;
            everything: components["schemas"]["PauseOut"] | null;
            /** Tasks */
            tasks: components["schemas"]["TaskPauseOut"][];
        };
        /**
         * PercentilesOut
         * @description In ms, within 10 percent; null for an empty histogram.
         */
        PercentilesOut: {
            /** P50 */
            p50: number | null;
            /** P95 */
            p95: number | null;
            /** P99 */
            p99: number | null;
        };
        /**
         * PeriodOut
         * @description A range of whole spans; ``to`` is exclusive.
         */
        PeriodOut: {
            /** From */
            from: string;
            /** To */
            to: string;
        };
        /**
         * PreviewAlert
         * @description What a rule would measure.
         */
        PreviewAlert: {
            kind: components["schemas"]["AlertKind"];
            /**
             * Threshold
             * @description Fires from this value on: seconds (`queue_age`, `schedule_overdue`), jobs (`dlq_growth`, `schedule_failures`) or percent (`failure_rate`).
             * @example 600
             */
            threshold: number;
            /**
             * Windows
             * @description For `dlq_growth` and `failure_rate`: counted by whole minutes, over an hour by quarters of one.
             * @default 900
             */
            windowS?: number;
            /**
             * Minjobs
             * @description For `failure_rate`: fewer ended jobs than this say nothing.
             * @default 10
             */
            minJobs?: number;
            /**
             * Queue
             * @description Of this queue only.
             * @default null
             */
            queue?: string | null;
            /**
             * Task
             * @description Of this task only.
             * @default null
             */
            task?: string | null;
            /**
             * Schedule
             * @description Of this schedule only.
             * @default null
             */
            schedule?: string | null;
            /**
             * Scope
             * @description `all`: over all tenants, for operators.
             * @default tenant
             * @enum {string}
             */
            scope?: "tenant" | "all";
        };
        /**
         * PreviewAnswer
         * @description A timing in words, and its next five fires in UTC.
         */
        PreviewAnswer: {
            /**
             * Success
             * @default true
             * @constant
             */
            success?: true;
            /** Words */
            words: string;
            /** Next */
            next: string[];
        };
        /**
         * PreviewSchedule
         * @description A timing to try. ``from``: the time after which fires are listed, by default now.
         */
        PreviewSchedule: {
            /**
             * Cron
             * @description Minute, hour, day, month, weekday; a sixth field, of seconds, comes first.
             * @default null
             * @example 0 7 * * 1-5
             */
            cron?: string | null;
            /**
             * Everys
             * @description Seconds; the first fire is this long after the creation.
             * @default null
             */
            everyS?: number | null;
            /**
             * At
             * @description Fires once.
             * @default null
             */
            at?: string | null;
            /**
             * Tz
             * @description The time zone of `cron`.
             * @default UTC
             */
            tz?: string;
            /**
             * From
             * @default null
             */
            from?: string | null;
        };
        /**
         * ProgressOut
         * @description Progress of a job, 0 to 100 percent.
         */
        ProgressOut: {
            /** Percent */
            percent: number;
            /** Message */
            message: string;
        };
        /**
         * PutRedaction
         * @description The paths to redact, in place of those before; none with an empty list.
         */
        PutRedaction: {
            /** Paths */
            paths: string[];
        };
        /**
         * PutSchedule
         * @description A schedule: when it fires, and the job that each fire makes. ``name`` is that of the jobs, by default the
         *     schedule's.
         * @example {
         *       "cron": "0 7 * * 1-5",
         *       "tz": "Europe/Berlin"
         *     }
         * @example {
         *       "everyS": 3600,
         *       "missed": "skip"
         *     }
         */
        PutSchedule: {
            /**
             * Task
             * @default simulated
             * @example simulated
             */
            task?: string;
            /**
             * Payload
             * @description Input of the task; GET /tasks has its schema.
             */
            payload?: {
                [key: string]: unknown;
            };
            /**
             * Queue
             * @default null
             */
            queue?: string | null;
            /**
             * Priority
             * @description 9 is served first.
             * @default 5
             */
            priority?: number;
            /**
             * Maxretries
             * @default null
             */
            maxRetries?: number | null;
            /**
             * Timeouts
             * @default null
             */
            timeoutS?: number | null;
            /** Tags */
            tags?: string[];
            /**
             * Cron
             * @description Minute, hour, day, month, weekday; a sixth field, of seconds, comes first.
             * @default null
             * @example 0 7 * * 1-5
             */
            cron?: string | null;
            /**
             * Everys
             * @description Seconds; the first fire is this long after the creation.
             * @default null
             */
            everyS?: number | null;
            /**
             * At
             * @description Fires once.
             * @default null
             */
            at?: string | null;
            /**
             * Tz
             * @description The time zone of `cron`.
             * @default UTC
             */
            tz?: string;
            /**
             * Name
             * @default null
             */
            name?: string | null;
            /**
             * @description Fires that were not made in time: none, one job, or a job each.
             * @default once
             */
            missed?: components["schemas"]["Missed"];
            /**
             * Catchups
             * @description Missed fires older than this make no job.
             * @default 86400
             */
            catchupS?: number;
            /**
             * @description A fire while a job of the schedule is open.
             * @default skip
             */
            overlap?: components["schemas"]["Overlap"];
            /**
             * Jitters
             * @description Each fire is late by a random time below this.
             * @default 0
             */
            jitterS?: number;
            /**
             * Paused
             * @description Null leaves it as it is; a new schedule is active.
             * @default null
             */
            paused?: boolean | null;
        };
        /**
         * QueueOut
         * @description A queue.
         *
         *     ``oldestAgeMs``: time since the oldest waiting job became ready. ``ratePerMin``: jobs ended per minute.
         */
        QueueOut: {
            /** Name */
            name: string;
            /** Paused */
            paused: boolean;
            /**
             * Strict
             * @description Whether a job of a higher priority is always first.
             */
            strict: boolean;
            /** Ready */
            ready: number;
            /** Running */
            running: number;
            /**
             * Blocked
             * @description Jobs that wait for the ends of other jobs.
             */
            blocked: number;
            /** Scheduled */
            scheduled: number;
            /** Retrying */
            retrying: number;
            /**
             * Waiting
             * @description Jobs whose tasks wait for a time, an event or another job.
             */
            waiting: number;
            /** Oldestagems */
            oldestAgeMs: number | null;
            /** Ratepermin */
            ratePerMin: number;
        };
        /**
         * QueuePausedAnswer
         * @description The queue's state after this call, and whether the call changed it.
         */
        QueuePausedAnswer: {
            /**
             * Success
             * @default true
             * @constant
             */
            success?: true;
            /** Name */
            name: string;
            /** Paused */
            paused: boolean;
            /** Changed */
            changed: boolean;
        };
        /**
         * QueueSettings
         * @description What of a queue is set. ``strict``: a job of a higher priority is always first, however long others wait.
         */
        QueueSettings: {
            /** Strict */
            strict: boolean;
        };
        /**
         * QueueSettingsAnswer
         * @description The queue's settings after this call, and whether the call changed them.
         */
        QueueSettingsAnswer: {
            /**
             * Success
             * @default true
             * @constant
             */
            success?: true;
            /** Name */
            name: string;
            /** Strict */
            strict: boolean;
            /** Changed */
            changed: boolean;
        };
        /**
         * QueuesAnswer
         * @description Queues by name.
         */
        QueuesAnswer: {
            /**
             * Success
             * @default true
             * @constant
             */
            success?: true;
            /** Queues */
            queues: components["schemas"]["QueueOut"][];
        };
        /**
         * RedactionAnswer
         * @description The paths that a tenant redacts in payloads and results, besides those of tasks (`redact` of `GET /tasks`).
         */
        RedactionAnswer: {
            /**
             * Success
             * @default true
             * @constant
             */
            success?: true;
            /** Paths */
            paths: string[];
        };
        /**
         * RelatedOut
         * @description A job beside another one. ``name`` is null if the caller may not read it, ``status`` if the job was deleted.
         */
        RelatedOut: {
            /** Id */
            _id: string;
            /** Name */
            name: string | null;
            status: components["schemas"]["JobStatus"] | null;
        };
        /**
         * ReplayAnswer
         * @description The new job. ``created`` is false if the idempotency key was known.
         */
        ReplayAnswer: {
            /**
             * Success
             * @default true
             * @constant
             */
            success?: true;
            job: components["schemas"]["JobOut"];
            /** Created */
            created: boolean;
        };
        /**
         * ReplayChanges
         * @description What replays have otherwise than their origins.
         */
        ReplayChanges: {
            /**
             * Merge
             * @description A JSON merge patch (RFC 7386) of each payload: objects are merged, null removes a field, everything else replaces what is there. At most 16 KB.
             * @default null
             * @example {
             *       "customer": {
             *         "region": "eu"
             *       },
             *       "draft": null
             *     }
             */
            merge?: {
                [key: string]: unknown;
            } | null;
            /**
             * Queue
             * @default null
             */
            queue?: string | null;
            /**
             * Priority
             * @default null
             */
            priority?: number | null;
        };
        /**
         * ReplayJob
         * @description What of the new job differs from the ended one. ``payload`` replaces the whole payload; the task's schema
         *     validates it.
         *
         *     ``delayS`` and ``runAt`` exclude each other; without them it runs now.
         */
        ReplayJob: {
            /**
             * Payload
             * @default null
             */
            payload?: {
                [key: string]: unknown;
            } | null;
            /**
             * Name
             * @default null
             */
            name?: string | null;
            /**
             * Queue
             * @default null
             */
            queue?: string | null;
            /**
             * Priority
             * @default null
             */
            priority?: number | null;
            /**
             * Delays
             * @default null
             */
            delayS?: number | null;
            /**
             * Runat
             * @default null
             */
            runAt?: string | null;
            /**
             * Maxretries
             * @default null
             */
            maxRetries?: number | null;
            /**
             * Timeouts
             * @default null
             */
            timeoutS?: number | null;
            /**
             * Tags
             * @default null
             */
            tags?: string[] | null;
            /**
             * Idempotencykey
             * @default null
             */
            idempotencyKey?: string | null;
        };
        /**
         * ResetAnswer
         * @description The totals were reset to 0.
         */
        ResetAnswer: {
            /**
             * Success
             * @default true
             * @constant
             */
            success?: true;
            /**
             * Message
             * @default All metrics reset
             * @constant
             */
            message?: "All metrics reset";
        };
        /**
         * ResetPassword
         * @description A member's new password; without one it is generated.
         */
        ResetPassword: {
            /**
             * Password
             * @default null
             */
            password?: string | null;
        };
        /**
         * RetryJob
         * @description Options of a retry. ``payload`` replaces the job's; it is validated by the task's schema.
         *
         *     ``fromStep``: of a durable job in the DLQ, the step from which on it runs again.
         */
        RetryJob: {
            /**
             * Payload
             * @default null
             */
            payload?: {
                [key: string]: unknown;
            } | null;
            /**
             * Fromstep
             * @default null
             */
            fromStep?: string | null;
        };
        /**
         * RetryWorkflow
         * @description What is to be run again; by default all nodes that did not complete, and those behind them.
         */
        RetryWorkflow: {
            /**
             * Node
             * @description This node and all behind it, whatever became of them.
             * @default null
             */
            node?: string | null;
        };
        /**
         * Rhythm
         * @description How often mails about failures come.
         * @enum {string}
         */
        Rhythm: "off" | "at_once" | "hourly" | "daily";
        /**
         * Role
         * @description The role of a user. Operators see all tenants; all others see their own tenant only.
         * @enum {string}
         */
        Role: "operator" | "admin" | "member" | "viewer";
        /**
         * RotateSecret
         * @description How long the old secret signs beside the new one.
         */
        RotateSecret: {
            /**
             * Overlaps
             * @default 86400
             */
            overlapS?: number;
        };
        /**
         * RunAnswer
         * @description One run.
         */
        RunAnswer: {
            /**
             * Success
             * @default true
             * @constant
             */
            success?: true;
            run: components["schemas"]["RunOut"];
        };
        /**
         * RunIf
         * @description When a job runs, once all its needs have ended; otherwise it is skipped. Only completed ones count as ok.
         * @enum {string}
         */
        RunIf: "all_ok" | "all_done" | "any_failed" | "any_ok";
        /**
         * RunOut
         * @description A fire and what became of it: a job, a reason why there is none, or it waits for the end of another job.
         *
         *     ``manual``: asked for with `POST …/run`.
         */
        RunOut: {
            /** At */
            at: string;
            /** Jobid */
            jobId: string | null;
            skipped: components["schemas"]["Skip"] | null;
            /** Waiting */
            waiting: boolean;
            /** Manual */
            manual: boolean;
        };
        /**
         * RunsAnswer
         * @description Runs of a schedule, the newest first.
         */
        RunsAnswer: {
            /**
             * Success
             * @default true
             * @constant
             */
            success?: true;
            /** Runs */
            runs: components["schemas"]["RunOut"][];
            /** Nextcursor */
            nextCursor: string | null;
        };
        /**
         * ScheduleAnswer
         * @description One schedule.
         */
        ScheduleAnswer: {
            /**
             * Success
             * @default true
             * @constant
             */
            success?: true;
            schedule: components["schemas"]["ScheduleDetailOut"];
        };
        /**
         * ScheduleDetailOut
         * @description A schedule with the payload of its jobs.
         */
        ScheduleDetailOut: {
            /** Id */
            _id: string;
            /** Tenantid */
            tenantId: string;
            /** Ownerid */
            ownerId: string;
            /** Name */
            name: string;
            state: components["schemas"]["State"];
            /**
             * Source
             * @enum {string}
             */
            source: "api" | "code";
            /** Words */
            words: string;
            /** Cron */
            cron: string | null;
            /** Everys */
            everyS: number | null;
            /** At */
            at: string | null;
            /** Tz */
            tz: string;
            /** Jobname */
            jobName: string;
            /** Task */
            task: string;
            /** Queue */
            queue: string | null;
            /** Priority */
            priority: number;
            /** Tags */
            tags: string[];
            /** Maxretries */
            maxRetries: number | null;
            /** Timeouts */
            timeoutS: number | null;
            missed: components["schemas"]["Missed"];
            /** Catchups */
            catchupS: number;
            overlap: components["schemas"]["Overlap"];
            /** Jitters */
            jitterS: number;
            /** Paused */
            paused: boolean;
            /** Next */
            next: string[];
            lastRun: components["schemas"]["LastRunOut"] | null;
            /** Rev */
            rev: number;
            /** Con */
            con: string;
            /** Mon */
            mon: string;
            /** Payload */
            payload: unknown;
        };
        /**
         * ScheduleOut
         * @description A schedule as lists and events show it.
         *
         *     ``name`` is its own, ``jobName`` that of its jobs. ``next`` has up to five fires, none if it is not active.
         *     ``ownerId`` is the tenant's id if no member owns it. ``source``: a schedule of code is changed there.
         */
        ScheduleOut: {
            /** Id */
            _id: string;
            /** Tenantid */
            tenantId: string;
            /** Ownerid */
            ownerId: string;
            /** Name */
            name: string;
            state: components["schemas"]["State"];
            /**
             * Source
             * @enum {string}
             */
            source: "api" | "code";
            /** Words */
            words: string;
            /** Cron */
            cron: string | null;
            /** Everys */
            everyS: number | null;
            /** At */
            at: string | null;
            /** Tz */
            tz: string;
            /** Jobname */
            jobName: string;
            /** Task */
            task: string;
            /** Queue */
            queue: string | null;
            /** Priority */
            priority: number;
            /** Tags */
            tags: string[];
            /** Maxretries */
            maxRetries: number | null;
            /** Timeouts */
            timeoutS: number | null;
            missed: components["schemas"]["Missed"];
            /** Catchups */
            catchupS: number;
            overlap: components["schemas"]["Overlap"];
            /** Jitters */
            jitterS: number;
            /** Paused */
            paused: boolean;
            /** Next */
            next: string[];
            lastRun: components["schemas"]["LastRunOut"] | null;
            /** Rev */
            rev: number;
            /** Con */
            con: string;
            /** Mon */
            mon: string;
        };
        /**
         * SchedulesAnswer
         * @description A page of schedules, the newest first, with cursors and names as a page of jobs has.
         */
        SchedulesAnswer: {
            /**
             * Success
             * @default true
             * @constant
             */
            success?: true;
            /** Nextcursor */
            nextCursor: string | null;
            /** Prevcursor */
            prevCursor: string | null;
            /** Owners */
            owners: {
                [key: string]: string;
            };
            /** Tenants */
            tenants: {
                [key: string]: string;
            };
            /** Schedules */
            schedules: components["schemas"]["ScheduleOut"][];
            /** Total */
            total: number | null;
            /** Totalisexact */
            totalIsExact: boolean | null;
        };
        /**
         * Scope
         * @description The range of jobs that a request covers.
         * @enum {string}
         */
        Scope: "own" | "tenant" | "all";
        /**
         * ScrapedHealthAnswer
         * @description Health in the format of the original's monitoring.
         */
        ScrapedHealthAnswer: {
            /**
             * Status
             * @enum {string}
             */
            status: "healthy" | "unhealthy";
            /** Timestamp */
            timestamp: string;
            /**
             * Service
             * @default queuecraft
             * @constant
             */
            service?: "queuecraft";
        };
        /**
         * SecretAnswer
         * @description A webhook, and its secret, which only this answer shows.
         */
        SecretAnswer: {
            /**
             * Success
             * @default true
             * @constant
             */
            success?: true;
            webhook: components["schemas"]["WebhookOut"];
            /**
             * Secret
             * @example whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw
             */
            secret: string;
        };
        /**
         * SeriesAnswer
         * @description ``buckets`` are contiguous, the current one last.
         */
        SeriesAnswer: {
            /**
             * Success
             * @default true
             * @constant
             */
            success?: true;
            window: components["schemas"]["Window"];
            /** Buckets */
            bucketS: number;
            /** Buckets */
            buckets: components["schemas"]["BucketOut"][];
            /** Tasks */
            tasks: components["schemas"]["NamedTally"][];
            /** Queues */
            queues: components["schemas"]["NamedTally"][];
            total: components["schemas"]["TallyOut"];
        };
        /**
         * SessionOut
         * @description A session. `device` is what the browser says it is; `usedAt` is up to five minutes old.
         */
        SessionOut: {
            /** Id */
            _id: string;
            /** Device */
            device: string;
            /** Usedat */
            usedAt: string;
            /** Expiresat */
            expiresAt: string;
            /** Current */
            current: boolean;
            /** Con */
            con: string;
        };
        /**
         * SessionsAnswer
         * @description The sessions of the caller.
         */
        SessionsAnswer: {
            /**
             * Success
             * @default true
             * @constant
             */
            success?: true;
            /** Sessions */
            sessions: components["schemas"]["SessionOut"][];
        };
        /**
         * SetNotifications
         * @description How often mails about failures come, and of whose jobs; and whether mails about alerts do.
         */
        SetNotifications: {
            failures: components["schemas"]["Rhythm"];
            /**
             * Scope
             * @description `tenant` needs a role that reads all jobs of the tenant.
             * @default own
             * @enum {string}
             */
            scope?: "own" | "tenant";
            /**
             * Alerts
             * @description Mails about alerts. Needs a role that reads all jobs of the tenant. Left out: as before.
             * @default null
             */
            alerts?: boolean | null;
        };
        /**
         * SettingsAnswer
         * @description The settings in force, what they are where nothing was chosen, and the most that admins may choose.
         */
        SettingsAnswer: {
            /**
             * Success
             * @default true
             * @constant
             */
            success?: true;
            /** Tenantid */
            tenantId: string;
            settings: components["schemas"]["SettingsOut"];
            defaults: components["schemas"]["SettingsOut"];
            maxima: components["schemas"]["SettingsOut"];
        };
        /**
         * SettingsOut
         * @description Settings of a tenant.
         *
         *     `submissionsPerMinute`: jobs submitted in any minute, by whomever. `openJobs`: jobs that have not ended.
         *     `concurrency`: jobs that run at the same time. `weight`: the tenant's share while others wait too. `keep…Days`: for
         *     how long ended jobs and their logs are kept. 0 is no limit.
         */
        SettingsOut: {
            /** Submissionsperminute */
            submissionsPerMinute: number;
            /** Openjobs */
            openJobs: number;
            /** Concurrency */
            concurrency: number;
            /** Weight */
            weight: number;
            /** Keepcompleteddays */
            keepCompletedDays: number;
            /** Keepdlqdays */
            keepDlqDays: number;
            /** Keepcancelleddays */
            keepCancelledDays: number;
        };
        /**
         * Severity
         * @description How bad it is when a rule fires.
         * @enum {string}
         */
        Severity: "info" | "warning" | "critical";
        /**
         * Skip
         * @description Why a fire made no job.
         * @enum {string}
         */
        Skip: "missed" | "too_old" | "overlap" | "paused" | "deleted" | "too_many_open_jobs" | "too_many_queues";
        /**
         * StartOperation
         * @description What to do with all jobs that match a filter.
         */
        StartOperation: {
            /**
             * Action
             * @enum {string}
             */
            action: "cancel" | "retry" | "redrive" | "delete" | "replay";
            /**
             * Name
             * @description By default what it does.
             * @default null
             */
            name?: string | null;
            filter: components["schemas"]["NarrowingDead"];
            /**
             * Ratepermin
             * @description Jobs changed in a minute at most; by default as fast as possible.
             * @default null
             */
            ratePerMin?: number | null;
            /**
             * @description With `replay`.
             * @default null
             */
            changes?: components["schemas"]["ReplayChanges"] | null;
            /**
             * Dryrun
             * @description Only count what matches.
             * @default false
             */
            dryRun?: boolean;
        };
        /**
         * State
         * @description The state of a schedule.
         * @enum {string}
         */
        State: "active" | "paused" | "ended" | "retired";
        /**
         * StatsAnswer
         * @description Counts for the dashboard's cards.
         */
        StatsAnswer: {
            /**
             * Success
             * @default true
             * @constant
             */
            success?: true;
            stats: components["schemas"]["StatsOut"];
        };
        /**
         * StatsOut
         * @description Jobs per state. ``pending``: all open ones that do not run. ``failed``: in the DLQ.
         */
        StatsOut: {
            /** Pending */
            pending: number;
            /** Running */
            running: number;
            /** Completed */
            completed: number;
            /** Failed */
            failed: number;
            /** Total */
            total: number;
        };
        /**
         * StatusFilter
         * @description A stored status, or ``failed``, which is the same as ``dlq``.
         * @enum {string}
         */
        StatusFilter: "blocked" | "scheduled" | "pending" | "running" | "retrying" | "waiting" | "completed" | "dlq" | "cancelled" | "skipped" | "failed";
        /**
         * StepKind
         * @description What a record is the memo of.
         * @enum {string}
         */
        StepKind: "step" | "sleep" | "event" | "invoke" | "now" | "uuid" | "checkpoint";
        /**
         * StepOut
         * @description A step of a durable job. ``n``: it is the ``n``-th one of its name. ``attempts``: how often it was tried.
         */
        StepOut: {
            /** Name */
            name: string;
            /** N */
            n: number;
            kind: components["schemas"]["StepKind"];
            status: components["schemas"]["StepStatus"];
            /** Startedat */
            startedAt: string;
            /** Endedat */
            endedAt: string | null;
            /** Attempts */
            attempts: number;
            /**
             * Attempt
             * @description The attempt of the job that wrote this.
             */
            attempt: number;
            /**
             * Version
             * @description The version of the task that wrote this; 0 if a redrive copied it.
             */
            version: number;
            /**
             * Until
             * @description When its wait is over at the latest.
             */
            until: string | null;
            error: components["schemas"]["ErrorOut"] | null;
            /** Resultbytes */
            resultBytes: number;
            /**
             * Result
             * @description What it returned; only if `results` was asked for.
             * @default null
             */
            result?: unknown;
            /**
             * Jobid
             * @description The job that it invoked.
             */
            jobId: string | null;
        };
        /**
         * StepStatus
         * @description How far a step is.
         * @enum {string}
         */
        StepStatus: "pending" | "started" | "retrying" | "waiting" | "completed" | "failed";
        /**
         * StepsAnswer
         * @description Steps in the order in which they began; the first 100 events of the job. Pass ``nextAfter`` as ``after``.
         */
        StepsAnswer: {
            /**
             * Success
             * @default true
             * @constant
             */
            success?: true;
            /** Steps */
            steps: components["schemas"]["StepOut"][];
            /** Events */
            events: components["schemas"]["EventOut"][];
            /**
             * Nextafter
             * @description Null on the last page.
             */
            nextAfter: number | null;
        };
        /**
         * TallyOut
         * @description ``failed`` counts failed attempts, ``dlq`` jobs that went to the DLQ. ``wait``: from ready to start.
         */
        TallyOut: {
            /** Started */
            started: number;
            /** Completed */
            completed: number;
            /** Failed */
            failed: number;
            /** Retried */
            retried: number;
            /** Dlq */
            dlq: number;
            wait: components["schemas"]["PercentilesOut"];
            run: components["schemas"]["PercentilesOut"];
        };
        /**
         * TaskLimitOut
         * @description A limit of a task; `GET /limits/{name}` says how it stands. ``per``: where the key of a job comes from.
         */
        TaskLimitOut: {
            /** Name */
            name: string;
            /** Per */
            per: string | null;
        };
        /**
         * TaskOut
         * @description A task that workers can run. ``pool``: whose workers; ``schema``: JSON schema of its payload.
         */
        TaskOut: {
            /** Name */
            name: string;
            /** Doc */
            doc: string;
            /** Queue */
            queue: string;
            /** Pool */
            pool: string;
            /** Maxretries */
            maxRetries: number;
            /** Timeouts */
            timeoutS: number;
            /** Limits */
            limits: components["schemas"]["TaskLimitOut"][];
            /** Schema */
            schema: {
                [key: string]: unknown;
            };
            /** @description How its jobs are unique, if their submission does not say. */
            unique: components["schemas"]["UniqueOut"] | null;
            /**
             * Redact
             * @description Paths in payloads and results whose values nobody is shown.
             */
            redact: string[];
        };
        /**
         * TaskPauseOut
         * @description The pause of a task, in the tenant or in all.
         */
        TaskPauseOut: {
            /** By */
            by: string;
            /** At */
            at: string;
            /** Name */
            name: string;
            /** Everytenant */
            everyTenant: boolean;
        };
        /**
         * TasksAnswer
         * @description The catalogue of tasks, by name.
         */
        TasksAnswer: {
            /**
             * Success
             * @default true
             * @constant
             */
            success?: true;
            /** Tasks */
            tasks: components["schemas"]["TaskOut"][];
        };
        /**
         * TenantLimitOut
         * @description The concurrency in the settings of a tenant, as a limit of all its jobs; null is unlimited.
         *
         *     ``held``: jobs that run under it, null without a limit; ``waiting`` as of other limits.
         */
        TenantLimitOut: {
            /** Concurrency */
            concurrency: number | null;
            /** Held */
            held: number | null;
            /** Waiting */
            waiting: number;
            /** Waitingisexact */
            waitingIsExact: boolean;
        };
        /**
         * TenantOut
         * @description A tenant and its jobs. ``pending``: all that wait. ``failed``: in the DLQ.
         */
        TenantOut: {
            /** Id */
            id: string;
            /** Name */
            name: string;
            /** Pending */
            pending: number;
            /** Running */
            running: number;
            /** Failed */
            failed: number;
        };
        /**
         * TenantsAnswer
         * @description Tenants, those with most open jobs first.
         *
         *     ``total`` is the number of matches. If ``totalIsExact`` is false there are more, and the newest 2,000 were
         *     compared.
         */
        TenantsAnswer: {
            /**
             * Success
             * @default true
             * @constant
             */
            success?: true;
            /** Tenants */
            tenants: components["schemas"]["TenantOut"][];
            /** Total */
            total: number;
            /** Totalisexact */
            totalIsExact: boolean;
        };
        /**
         * TicketAnswer
         * @description Connect with ``<url>?ticket=<ticket>`` within ``expiresInS`` seconds; it works once.
         */
        TicketAnswer: {
            /**
             * Success
             * @default true
             * @constant
             */
            success?: true;
            /** Ticket */
            ticket: string;
            /** Expiresins */
            expiresInS: number;
            /**
             * Url
             * @description Where to connect; empty if the deployment does not say.
             */
            url: string;
        };
        /**
         * TokenAnswer
         * @description A new token; ``csrfToken`` if it was also set as a cookie.
         */
        TokenAnswer: {
            /**
             * Success
             * @default true
             * @constant
             */
            success?: true;
            /** Jwt */
            jwt: string;
            /**
             * Csrftoken
             * @default null
             */
            csrfToken?: string | null;
        };
        /**
         * TopErrorOut
         * @description Jobs in the DLQ with similar errors that failed in the range, and in the one before.
         */
        TopErrorOut: {
            /** Group */
            group: string;
            /** Type */
            type: string;
            /** Message */
            message: string;
            /** Tasks */
            tasks: string[];
            /** Current */
            current: number;
            /** Previous */
            previous: number;
            /** Sampleid */
            sampleId: string;
        };
        /**
         * UniqueIn
         * @description Makes a job unique: one job of the tenant, the task, the key and the period holds the key at a time.
         */
        UniqueIn: {
            /**
             * Key
             * @description Default: a digest of the payload.
             * @default null
             */
            key?: string | null;
            /**
             * States
             * @description States in which a job holds the key; scheduled and pending are among them. Default: all that are open, for push_back the waiting ones. Ended states need periodS.
             * @default null
             */
            states?: components["schemas"]["JobStatus"][] | null;
            /**
             * Periods
             * @description Each period of this length, from 1970 on, has keys of its own.
             * @default null
             */
            periodS?: number | null;
            /**
             * @description What to do while another job holds the key; see docs/api.md.
             * @default keep
             */
            onConflict?: components["schemas"]["OnConflict"];
            /**
             * Maxwaits
             * @description With push_back: the longest time between the first submission and the start.
             * @default null
             */
            maxWaitS?: number | null;
        };
        /**
         * UniqueOut
         * @description How a job is unique. ``key`` is the digest of the payload if none was given.
         */
        UniqueOut: {
            /** Key */
            key: string;
            /** States */
            states: string[];
            /** Periods */
            periodS: number | null;
            onConflict: components["schemas"]["OnConflict"];
            /** Maxwaits */
            maxWaitS: number | null;
        };
        /**
         * UsePasswordLink
         * @description The token of a link, and the new password.
         */
        UsePasswordLink: {
            /**
             * Token
             * @description What follows `#` in the link.
             */
            token: string;
            /**
             * Newpassword
             * Format: password
             */
            newPassword: string;
        };
        /**
         * UserAnswer
         * @description A user, without password or hash. ``con`` and ``mon``: created and modified, ISO 8601.
         */
        UserAnswer: {
            /** Id */
            _id: string;
            /** Username */
            username: string;
            /** Email */
            email: string;
            role: components["schemas"]["Role"];
            /** Tenantid */
            tenantId: string;
            /** Con */
            con: string;
            /** Mon */
            mon: string;
        };
        /**
         * ValueOut
         * @description A value of a field. ``json`` is its text, of which ``cut`` says that it has more than 200 characters.
         */
        ValueOut: {
            /** Json */
            json: string;
            /** Cut */
            cut: boolean;
            /**
             * Count
             * @description Payloads with this value.
             */
            count: number;
            /**
             * Jobid
             * @description A job that has it.
             */
            jobId: string;
        };
        /**
         * ViewAnswer
         * @description A saved view.
         */
        ViewAnswer: {
            /**
             * Success
             * @default true
             * @constant
             */
            success?: true;
            view: components["schemas"]["ViewOut"];
        };
        /**
         * ViewOut
         * @description A saved view.
         */
        ViewOut: {
            /** Id */
            _id: string;
            /** Tenantid */
            tenantId: string;
            /** Ownerid */
            ownerId: string;
            /** Name */
            name: string;
            page: components["schemas"]["ViewPage"];
            /** Query */
            query: {
                [key: string]: string;
            };
            /** Shared */
            shared: boolean;
            /** Con */
            con: string;
        };
        /**
         * ViewPage
         * @description The list that a view is of.
         * @enum {string}
         */
        ViewPage: "jobs" | "dlq";
        /**
         * ViewsAnswer
         * @description The caller's views, and those shared with the tenant, oldest first.
         */
        ViewsAnswer: {
            /**
             * Success
             * @default true
             * @constant
             */
            success?: true;
            /** Views */
            views: components["schemas"]["ViewOut"][];
        };
        /**
         * WebhookAnswer
         * @description A webhook.
         */
        WebhookAnswer: {
            /**
             * Success
             * @default true
             * @constant
             */
            success?: true;
            webhook: components["schemas"]["WebhookOut"];
        };
        /**
         * WebhookEvent
         * @description What a webhook may report: the type of its messages.
         * @enum {string}
         */
        WebhookEvent: "job.completed" | "job.failed" | "job.dead" | "job.cancelled" | "job.skipped" | "batch.completed" | "batch.failed" | "batch.cancelled" | "workflow.completed" | "workflow.failed" | "workflow.cancelled" | "alert.firing" | "alert.resolved";
        /**
         * WebhookOut
         * @description A webhook without its secret. `oldSecretUntil`: until then the secret before the last rotation signs too.
         */
        WebhookOut: {
            /** Id */
            _id: string;
            /** Tenantid */
            tenantId: string;
            /** Ownerid */
            ownerId: string;
            /** Url */
            url: string;
            /** Description */
            description: string;
            /** Events */
            events: string[];
            status: components["schemas"]["WebhookStatus"];
            /** @description Why it is paused. */
            reason: components["schemas"]["PauseReason"] | null;
            /**
             * Failures
             * @description Failed attempts since the last success.
             */
            failures: number;
            /** Failingsince */
            failingSince: string | null;
            /** Oldsecretuntil */
            oldSecretUntil: string | null;
            /** Con */
            con: string;
            /** Mon */
            mon: string;
        };
        /**
         * WebhookStatus
         * @description Whether a webhook reports.
         * @enum {string}
         */
        WebhookStatus: "active" | "paused";
        /**
         * WebhooksAnswer
         * @description The webhooks of the tenant, newest first. `owners` maps ids to names.
         */
        WebhooksAnswer: {
            /**
             * Success
             * @default true
             * @constant
             */
            success?: true;
            /** Webhooks */
            webhooks: components["schemas"]["WebhookOut"][];
            /** Owners */
            owners: {
                [key: string]: string;
            };
        };
        /**
         * WhoseJobs
         * @description Whose jobs: a scope, narrowed to one owner or tenant.
         */
        WhoseJobs: {
            /** @default own */
            scope?: components["schemas"]["Scope"];
            /**
             * Owner
             * @description Jobs of this user; needs `scope=tenant` or `all`.
             * @default null
             */
            owner?: string | null;
            /**
             * Tenant
             * @description Jobs of this tenant; needs `scope=all`.
             * @default null
             */
            tenant?: string | null;
        };
        /**
         * Window
         * @description The window of a chart.
         * @enum {string}
         */
        Window: "hour" | "day" | "week";
        /**
         * WorkerCheckOut
         * @description Live workers, also by pool. None is normal on an idle system: work starts them.
         */
        WorkerCheckOut: {
            /** Ok */
            ok: boolean;
            /** Alive */
            alive: number;
            /** Pools */
            pools: {
                [key: string]: number;
            };
        };
        /**
         * WorkerOut
         * @description A live worker. ``pool``: what it serves. ``leases`` shows the jobs that the caller may read.
         */
        WorkerOut: {
            /** Id */
            id: string;
            /** Pool */
            pool: string;
            /** Startedat */
            startedAt: string | null;
            /** Lastseen */
            lastSeen: string | null;
            /** Concurrency */
            concurrency: number;
            /** Running */
            running: number;
            /** Leases */
            leases: components["schemas"]["LeaseOut"][];
        };
        /**
         * WorkerTallyOut
         * @description Attempts that a worker ended in the range; ``runMs`` is their time together.
         */
        WorkerTallyOut: {
            /** Workerid */
            workerId: string;
            /** Attempts */
            attempts: number;
            /** Completed */
            completed: number;
            /** Failed */
            failed: number;
            /** Runms */
            runMs: number;
        };
        /**
         * WorkersAnswer
         * @description Workers whose heartbeat has not expired; none is normal on an idle system.
         */
        WorkersAnswer: {
            /**
             * Success
             * @default true
             * @constant
             */
            success?: true;
            /** Workers */
            workers: components["schemas"]["WorkerOut"][];
        };
        /**
         * WorkflowAnswer
         * @description One workflow.
         */
        WorkflowAnswer: {
            /**
             * Success
             * @default true
             * @constant
             */
            success?: true;
            workflow: components["schemas"]["WorkflowDetailOut"];
        };
        /**
         * WorkflowDetailOut
         * @description A workflow with its graph.
         */
        WorkflowDetailOut: {
            /** Id */
            _id: string;
            /** Tenantid */
            tenantId: string;
            /** Ownerid */
            ownerId: string;
            /** Name */
            name: string;
            status: components["schemas"]["WorkflowStatus"];
            /** Run */
            run: number;
            /** Total */
            total: number;
            /** Cancelrequested */
            cancelRequested: boolean;
            /** Finishedat */
            finishedAt: string | null;
            /** Traceid */
            traceId: string;
            /** Con */
            con: string;
            /** Mon */
            mon: string;
            /** Nodes */
            nodes: components["schemas"]["NodeOut"][];
            /** Edges */
            edges: components["schemas"]["EdgeOut"][];
        };
        /**
         * WorkflowOut
         * @description A workflow as lists and events show it. ``run``: how often it was retried; ``total``: its nodes.
         */
        WorkflowOut: {
            /** Id */
            _id: string;
            /** Tenantid */
            tenantId: string;
            /** Ownerid */
            ownerId: string;
            /** Name */
            name: string;
            status: components["schemas"]["WorkflowStatus"];
            /** Run */
            run: number;
            /** Total */
            total: number;
            /** Cancelrequested */
            cancelRequested: boolean;
            /** Finishedat */
            finishedAt: string | null;
            /** Traceid */
            traceId: string;
            /** Con */
            con: string;
            /** Mon */
            mon: string;
        };
        /**
         * WorkflowStatus
         * @description The state of a workflow.
         * @enum {string}
         */
        WorkflowStatus: "starting" | "running" | "completed" | "failed" | "cancelled";
        /**
         * WorkflowsAnswer
         * @description Workflows, newest first. ``owners`` and ``tenants`` map ids to names with a wider scope than ``own``.
         */
        WorkflowsAnswer: {
            /**
             * Success
             * @default true
             * @constant
             */
            success?: true;
            /** Nextcursor */
            nextCursor: string | null;
            /** Prevcursor */
            prevCursor: string | null;
            /** Owners */
            owners: {
                [key: string]: string;
            };
            /** Tenants */
            tenants: {
                [key: string]: string;
            };
            /** Workflows */
            workflows: components["schemas"]["WorkflowOut"][];
        };
        /**
         * OfTenant
         * @description Whose groups; only an operator may name another tenant.
         */
        chalicelib__api__schemas__comments__OfTenant: {
            /**
             * Tenant
             * @default null
             */
            tenant?: string | null;
        };
        /**
         * OfTenant
         * @description Whose limits; only an operator may name another tenant.
         */
        chalicelib__api__schemas__limits__OfTenant: {
            /**
             * Tenant
             * @default null
             */
            tenant?: string | null;
        };
        /**
         * OfTenant
         * @description Whose queues; only an operator may name another tenant.
         */
        chalicelib__api__schemas__queues__OfTenant: {
            /**
             * Tenant
             * @default null
             */
            tenant?: string | null;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: {
        /** @description The id of the request's trace. */
        "X-Trace-Id": string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    list_alerts: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlertsAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    create_alert: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateAlert"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlertAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    list_firings: {
        parameters: {
            query?: {
                rule?: string;
                /** @description `nextCursor` or `prevCursor` of a page. */
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FiringsAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    preview_alert: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PreviewAlert"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlertPreviewAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    get_alert: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlertAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    delete_alert: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    change_alert: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ChangeAlert"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlertAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    mute_alert: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["MuteAlert"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlertAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    unmute_alert: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlertAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    get_analytics: {
        parameters: {
            query: {
                /** @description The start of the range; it begins with the span that contains it. */
                from: string;
                /** @description The end; the range ends with the span that contains it. */
                to: string;
                /** @description Tenants are compared for operators. */
                by?: components["schemas"]["Dimension"];
                task?: string;
                queue?: string;
                /** @description Of one tenant, for operators, who see all without it. */
                tenant?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AnalyticsAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    get_forecast: {
        parameters: {
            query?: {
                /** @description Of one tenant, for operators, who see all without it. */
                tenant?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ForecastAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    list_api_keys: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiKeysAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    create_api_key: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateApiKey"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewApiKeyAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    revoke_api_key: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    list_audit: {
        parameters: {
            query?: {
                /** @description Id of a user or of an API key. */
                actor?: string;
                action?: string;
                target?: string;
                /** @description Made at this time or later. */
                from?: string;
                /** @description Made before this time. */
                to?: string;
                /** @description Of one tenant; operators see those of all without it. */
                tenant?: string;
                /** @description `nextCursor` or `prevCursor` of a page. */
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EntriesAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    export_audit: {
        parameters: {
            query?: {
                /** @description Id of a user or of an API key. */
                actor?: string;
                action?: string;
                target?: string;
                /** @description Made at this time or later. */
                from?: string;
                /** @description Made before this time. */
                to?: string;
                /** @description Of one tenant; operators see those of all without it. */
                tenant?: string;
                /** @description `nextCursor` or `prevCursor` of a page. */
                cursor?: string;
                limit?: number;
                format?: components["schemas"]["ExportFormat"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": string;
                    "application/json": Record<string, never>[];
                    "text/csv; charset=utf-8; header=present": string;
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    list_batches: {
        parameters: {
            query?: {
                scope?: components["schemas"]["Scope"];
                /** @description Jobs of this user; needs `scope=tenant` or `all`. */
                owner?: string;
                /** @description Jobs of this tenant; needs `scope=all`. */
                tenant?: string;
                /** @description `nextCursor` or `prevCursor` of a page. */
                cursor?: string;
                limit?: number;
                /** @description Batches in this state. */
                status?: components["schemas"]["BatchStatus"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BatchesAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    create_batch: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateBatch"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BatchAnswer"];
                };
            };
            /** @description Created */
            201: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BatchAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    get_batch: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BatchAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    cancel_batch: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BatchAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    call_back: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                token: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["AnyJson"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    delete_comment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    list_dlq: {
        parameters: {
            query?: {
                scope?: components["schemas"]["Scope"];
                /** @description Jobs of this user; needs `scope=tenant` or `all`. */
                owner?: string;
                /** @description Jobs of this tenant; needs `scope=all`. */
                tenant?: string;
                /** @description Repeat it, or separate by commas. `failed` is the same as `dlq`. */
                status?: components["schemas"]["StatusFilter"][];
                task?: string;
                queue?: string;
                tag?: string;
                /** @description `traceId` of the request that created the jobs. */
                trace?: string;
                /** @description Jobs of this batch. */
                batch?: string;
                /** @description Prefixes of words of name, task, queue or tags, at most 8; or a job's id. */
                q?: string;
                /** @description Created at this time or later. */
                from?: string;
                /** @description Created before this time. */
                to?: string;
                /** @description `error.group`: errors that are alike. */
                group?: string;
                /** @description Entered the DLQ at this time or later. */
                finishedFrom?: string;
                /** @description Entered the DLQ before this time. */
                finishedTo?: string;
                /** @description Newest (`-`) or oldest first. By the time of the end only with `status` either `dlq` or `cancelled`, and over all tenants only of one `tenant`. */
                sort?: "-created" | "created" | "-finished" | "finished";
                /** @description `nextCursor` or `prevCursor` of a page. */
                cursor?: string;
                limit?: number;
                /** @description Also answer `total`, counted up to 10,000; not with `payload`. */
                count?: boolean;
                /** @description Fields of the payload: `customer.id=42`, or `customer.name~ada` for text that contains it. Repeat it for up to 3 conditions, which all must be met. A page then looks into a limited number of jobs, see `examined`. */
                payload?: string[];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeadAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    delete_dead_jobs: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ActOnDead"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ActionAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    list_dlq_groups: {
        parameters: {
            query?: {
                scope?: components["schemas"]["Scope"];
                /** @description Jobs of this user; needs `scope=tenant` or `all`. */
                owner?: string;
                /** @description Jobs of this tenant; needs `scope=all`. */
                tenant?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DlqGroupsAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    list_group_comments: {
        parameters: {
            query?: {
                /** @description `nextCursor` or `prevCursor` of a page. */
                cursor?: string;
                limit?: number;
                tenant?: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CommentsAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    comment_on_group: {
        parameters: {
            query?: {
                tenant?: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AddComment"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CommentAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    compare_dead_payloads: {
        parameters: {
            query?: {
                scope?: components["schemas"]["Scope"];
                /** @description Jobs of this user; needs `scope=tenant` or `all`. */
                owner?: string;
                /** @description Jobs of this tenant; needs `scope=all`. */
                tenant?: string;
                /** @description Repeat it, or separate by commas. `failed` is the same as `dlq`. */
                status?: components["schemas"]["StatusFilter"][];
                task?: string;
                queue?: string;
                tag?: string;
                /** @description `traceId` of the request that created the jobs. */
                trace?: string;
                /** @description Jobs of this batch. */
                batch?: string;
                /** @description Prefixes of words of name, task, queue or tags, at most 8; or a job's id. */
                q?: string;
                /** @description Created at this time or later. */
                from?: string;
                /** @description Created before this time. */
                to?: string;
                /** @description `error.group`: errors that are alike. */
                group?: string;
                /** @description Entered the DLQ at this time or later. */
                finishedFrom?: string;
                /** @description Entered the DLQ before this time. */
                finishedTo?: string;
                /** @description Payloads to compare: those of the newest. */
                sample?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ComparisonAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    redrive_jobs: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ActOnDead"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ActionAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    redrive_job: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["RetryJob"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    docs: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "text/html; charset=utf-8": string;
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    docs_file: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                file: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "text/javascript; charset=utf-8": string;
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    health: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HealthAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HealthAnswer"] | components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    list_invitations: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvitationsAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    create_invitation: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Invite"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewInvitationAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    accept_invitation: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AcceptInvitation"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MemberAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    open_invitation: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OpenInvitation"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenedAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    revoke_invitation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    list_jobs: {
        parameters: {
            query?: {
                scope?: components["schemas"]["Scope"];
                /** @description Jobs of this user; needs `scope=tenant` or `all`. */
                owner?: string;
                /** @description Jobs of this tenant; needs `scope=all`. */
                tenant?: string;
                /** @description Repeat it, or separate by commas. `failed` is the same as `dlq`. */
                status?: components["schemas"]["StatusFilter"][];
                task?: string;
                queue?: string;
                tag?: string;
                /** @description `traceId` of the request that created the jobs. */
                trace?: string;
                /** @description Jobs of this batch. */
                batch?: string;
                /** @description Prefixes of words of name, task, queue or tags, at most 8; or a job's id. */
                q?: string;
                /** @description Created at this time or later. */
                from?: string;
                /** @description Created before this time. */
                to?: string;
                /** @description Newest (`-`) or oldest first. By the time of the end only with `status` either `dlq` or `cancelled`, and over all tenants only of one `tenant`. */
                sort?: "-created" | "created" | "-finished" | "finished";
                /** @description `nextCursor` or `prevCursor` of a page. */
                cursor?: string;
                limit?: number;
                /** @description Also answer `total`, counted up to 10,000; not with `payload`. */
                count?: boolean;
                /** @description Fields of the payload: `customer.id=42`, or `customer.name~ada` for text that contains it. Repeat it for up to 3 conditions, which all must be met. A page then looks into a limited number of jobs, see `examined`. */
                payload?: string[];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobsAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    act_on_jobs: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ActOnJobs"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ActionAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    create_jobs: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateJobs"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobsCreatedAnswer"];
                };
            };
            /** @description Created */
            201: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobsCreatedAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    create_job: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateJob"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobCreatedAnswer"];
                };
            };
            /** @description Created */
            201: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobCreatedAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    export_jobs: {
        parameters: {
            query: {
                scope?: components["schemas"]["Scope"];
                /** @description Jobs of this user; needs `scope=tenant` or `all`. */
                owner?: string;
                /** @description Jobs of this tenant; needs `scope=all`. */
                tenant?: string;
                /** @description Repeat it, or separate by commas. `failed` is the same as `dlq`. */
                status?: components["schemas"]["StatusFilter"][];
                task?: string;
                queue?: string;
                tag?: string;
                /** @description `traceId` of the request that created the jobs. */
                trace?: string;
                /** @description Jobs of this batch. */
                batch?: string;
                /** @description Prefixes of words of name, task, queue or tags, at most 8; or a job's id. */
                q?: string;
                /** @description Created at this time or later. */
                from?: string;
                /** @description Created before this time. */
                to?: string;
                /** @description Newest (`-`) or oldest first. By the time of the end only with `status` either `dlq` or `cancelled`, and over all tenants only of one `tenant`. */
                sort?: "-created" | "created" | "-finished" | "finished";
                format: components["schemas"]["ExportFormat"];
                /** @description Export by an operation, also if the file is small. */
                background?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "text/csv; charset=utf-8; header=present": string;
                    "application/json": Record<string, never>[];
                    "application/x-ndjson": string;
                };
            };
            /** @description Accepted */
            202: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OperationStartedAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    compare_payloads: {
        parameters: {
            query?: {
                scope?: components["schemas"]["Scope"];
                /** @description Jobs of this user; needs `scope=tenant` or `all`. */
                owner?: string;
                /** @description Jobs of this tenant; needs `scope=all`. */
                tenant?: string;
                /** @description Repeat it, or separate by commas. `failed` is the same as `dlq`. */
                status?: components["schemas"]["StatusFilter"][];
                task?: string;
                queue?: string;
                tag?: string;
                /** @description `traceId` of the request that created the jobs. */
                trace?: string;
                /** @description Jobs of this batch. */
                batch?: string;
                /** @description Prefixes of words of name, task, queue or tags, at most 8; or a job's id. */
                q?: string;
                /** @description Created at this time or later. */
                from?: string;
                /** @description Created before this time. */
                to?: string;
                /** @description Payloads to compare: those of the newest. */
                sample?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ComparisonAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    job_stats: {
        parameters: {
            query?: {
                scope?: components["schemas"]["Scope"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StatsAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    get_job: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobDetailAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    delete_job: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DoneAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    list_attempts: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AttemptsAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    cancel_job: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    list_job_comments: {
        parameters: {
            query?: {
                /** @description `nextCursor` or `prevCursor` of a page. */
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CommentsAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    comment_on_job: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AddComment"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CommentAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    send_event: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["AnyJson"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    list_logs: {
        parameters: {
            query?: {
                /** @description `nextAfter` of the previous call. */
                after?: number;
                limit?: number;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LogsAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    replay_job: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ReplayJob"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReplayAnswer"];
                };
            };
            /** @description Created */
            201: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReplayAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    retry_job: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["RetryJob"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    list_steps: {
        parameters: {
            query?: {
                /** @description `nextAfter` of the previous call. */
                after?: number;
                limit?: number;
                /** @description Whether to return what steps returned; a page may then be shorter. */
                results?: boolean;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StepsAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    list_limits: {
        parameters: {
            query?: {
                tenant?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LimitsAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    get_limit: {
        parameters: {
            query?: {
                tenant?: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LimitDetailAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    change_limit: {
        parameters: {
            query?: {
                tenant?: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ChangeLimit"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LimitAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    pause_limit: {
        parameters: {
            query?: {
                tenant?: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LimitAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    reset_limit: {
        parameters: {
            query?: {
                tenant?: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LimitAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    resume_limit: {
        parameters: {
            query?: {
                tenant?: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LimitAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    log_in: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LogIn"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    log_out: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    me: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MeAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    change_me: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ChangeProfile"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MeAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    delete_account: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConfirmDeletion"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    get_notifications: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NotificationsAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    set_notifications: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SetNotifications"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NotificationsAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    change_password: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangePassword"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    list_sessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionsAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    end_sessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    end_session: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    list_members: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MembersAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    add_member: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AddMember"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewMemberAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    remove_member: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    change_role: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeRole"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MemberAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    reset_password: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ResetPassword"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PasswordResetAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    get_metrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MetricsAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    reset_metrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResetAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    get_series: {
        parameters: {
            query?: {
                window?: components["schemas"]["Window"];
                task?: string;
                queue?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SeriesAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    openapi: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    list_operations: {
        parameters: {
            query?: {
                /** @description Operations of this kind. */
                kind?: components["schemas"]["OperationKind"];
                /** @description `nextCursor` or `prevCursor` of a page. */
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OperationsAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    start_operation: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StartOperation"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MatchedAnswer"];
                };
            };
            /** @description Accepted */
            202: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OperationStartedAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    get_operation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OperationAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    cancel_operation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OperationAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    list_mails: {
        parameters: {
            query?: {
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MailsAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    forgot_password: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ForgotPassword"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    use_password_link: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UsePasswordLink"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    pause_everything: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PauseChangedAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    get_pauses: {
        parameters: {
            query?: {
                tenant?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PausesAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    scraped_health: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScrapedHealthAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScrapedHealthAnswer"] | components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    scrape: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "text/plain; version=0.0.4; charset=utf-8": string;
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    list_queues: {
        parameters: {
            query?: {
                tenant?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QueuesAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    set_queue: {
        parameters: {
            query?: {
                tenant?: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["QueueSettings"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QueueSettingsAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    pause_queue: {
        parameters: {
            query?: {
                tenant?: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QueuePausedAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    resume_queue: {
        parameters: {
            query?: {
                tenant?: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QueuePausedAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    resume_everything: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PauseChangedAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    list_schedules: {
        parameters: {
            query?: {
                scope?: components["schemas"]["Scope"];
                /** @description Jobs of this user; needs `scope=tenant` or `all`. */
                owner?: string;
                /** @description Jobs of this tenant; needs `scope=all`. */
                tenant?: string;
                /** @description `nextCursor` or `prevCursor` of a page. */
                cursor?: string;
                limit?: number;
                /** @description Also answer `total`, counted up to 10,000. */
                count?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SchedulesAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    preview_schedule: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["PreviewSchedule"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PreviewAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    get_schedule: {
        parameters: {
            query?: {
                tenant?: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScheduleAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    put_schedule: {
        parameters: {
            query?: {
                tenant?: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["PutSchedule"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScheduleAnswer"];
                };
            };
            /** @description Created */
            201: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScheduleAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    delete_schedule: {
        parameters: {
            query?: {
                tenant?: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DoneAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    pause_schedule: {
        parameters: {
            query?: {
                tenant?: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScheduleAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    resume_schedule: {
        parameters: {
            query?: {
                tenant?: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScheduleAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    run_schedule: {
        parameters: {
            query?: {
                tenant?: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Created */
            201: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    list_runs: {
        parameters: {
            query?: {
                /** @description Only an operator may name another tenant. */
                tenant?: string;
                /** @description `nextCursor` of a page. */
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunsAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    sync: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": number;
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    list_tasks: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TasksAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    pause_task: {
        parameters: {
            query?: {
                tenant?: string;
                /** @description `all`: all tenants, for operators. */
                scope?: "tenant" | "all";
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PauseChangedAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    resume_task: {
        parameters: {
            query?: {
                tenant?: string;
                /** @description `all`: all tenants, for operators. */
                scope?: "tenant" | "all";
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PauseChangedAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    delete_tenant: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConfirmDeletion"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    pause_own_tenant: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PauseChangedAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    get_redaction: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RedactionAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    put_redaction: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PutRedaction"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RedactionAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    resume_own_tenant: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PauseChangedAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    get_own_settings: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SettingsAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    change_own_settings: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ChangeSettings"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SettingsAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    list_tenants: {
        parameters: {
            query?: {
                q?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TenantsAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    change_maxima: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ChangeSettings"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SettingsAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    pause_tenant: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PauseChangedAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    resume_tenant: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PauseChangedAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    get_settings: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SettingsAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    change_settings: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ChangeSettings"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SettingsAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    unsubscribe: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                token: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    create_user: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateUser"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    list_views: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ViewsAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    create_view: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateView"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ViewAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    delete_view: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    list_webhooks: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhooksAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    create_webhook: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateWebhook"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SecretAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    get_webhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    delete_webhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    change_webhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ChangeWebhook"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    list_webhook_deliveries: {
        parameters: {
            query?: {
                status?: components["schemas"]["DeliveryStatus"];
                /** @description `nextCursor` or `prevCursor` of a page. */
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeliveriesAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    redeliver_webhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                delivery_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeliveryAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    pause_webhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    resume_webhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    rotate_webhook_secret: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["RotateSecret"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SecretAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    test_webhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Created */
            201: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeliveryAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    list_workers: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkersAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    list_workflows: {
        parameters: {
            query?: {
                scope?: components["schemas"]["Scope"];
                /** @description Jobs of this user; needs `scope=tenant` or `all`. */
                owner?: string;
                /** @description Jobs of this tenant; needs `scope=all`. */
                tenant?: string;
                /** @description `nextCursor` or `prevCursor` of a page. */
                cursor?: string;
                limit?: number;
                /** @description Workflows in this state. */
                status?: components["schemas"]["WorkflowStatus"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkflowsAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    create_workflow: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateWorkflow"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkflowAnswer"];
                };
            };
            /** @description Created */
            201: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkflowAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    get_workflow: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkflowAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    cancel_workflow: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkflowAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    retry_workflow: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["RetryWorkflow"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkflowAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    create_ws_ticket: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TicketAnswer"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    /** @description Seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
}
