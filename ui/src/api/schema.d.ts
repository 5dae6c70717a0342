// Generated from docs/reference/openapi.json by `npm run generate`. Not to be edited.

export interface paths {
    "/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The interface
         * @description Who asks for JSON is answered as Elasticsearch does.
         */
        get: operations["index"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/_bulk": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * The same by PUT
         * @description An action and a document on alternating lines. `index` and `create` are taken, `update` and `delete` refused item by item. See docs/compatibility.md. Needs an ingest key, an API key with scope `ingest`, or a member.
         */
        put: operations["elastic_bulk_put"];
        /**
         * Send documents as to Elasticsearch or OpenSearch
         * @description An action and a document on alternating lines. `index` and `create` are taken, `update` and `delete` refused item by item. See docs/compatibility.md. Needs an ingest key, an API key with scope `ingest`, or a member.
         */
        post: operations["elastic_bulk"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/_cat/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The same as a line of text
         * @description Needs an ingest key, an API key with scope `ingest`, or a member.
         */
        get: operations["elastic_cat_health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/_cluster/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Health, in the form in which Elasticsearch says it
         * @description Needs an ingest key, an API key with scope `ingest`, or a member.
         */
        get: operations["elastic_health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/_component_template/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A component template: always 404
         * @description Needs an ingest key, an API key with scope `ingest`, or a member.
         */
        get: operations["elastic_get_component_template"];
        /**
         * A component template: acknowledged, not kept
         * @description Needs an ingest key, an API key with scope `ingest`, or a member.
         */
        put: operations["elastic_put_component_template"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/_ilm/policy/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A lifecycle policy: always 404
         * @description Needs an ingest key, an API key with scope `ingest`, or a member.
         */
        get: operations["elastic_get_policy"];
        /**
         * A lifecycle policy: acknowledged, not kept
         * @description Needs an ingest key, an API key with scope `ingest`, or a member.
         */
        put: operations["elastic_put_policy"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/_index_template/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * An index template: always 404
         * @description Needs an ingest key, an API key with scope `ingest`, or a member.
         */
        get: operations["elastic_get_index_template"];
        /**
         * An index template: acknowledged, not kept
         * @description Needs an ingest key, an API key with scope `ingest`, or a member.
         */
        put: operations["elastic_put_index_template"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/_license": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The basic licence, which some clients ask for
         * @description Needs an ingest key, an API key with scope `ingest`, or a member.
         */
        get: operations["elastic_license"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/_template/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A legacy template: always 404
         * @description Needs an ingest key, an API key with scope `ingest`, or a member.
         */
        get: operations["elastic_get_template"];
        /**
         * A legacy template: acknowledged, not kept
         * @description Needs an ingest key, an API key with scope `ingest`, or a member.
         */
        put: operations["elastic_put_template"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/_xpack": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Features of Elasticsearch: none of them is here
         * @description Needs an ingest key, an API key with scope `ingest`, or a member.
         */
        get: operations["elastic_xpack"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/0/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who asks
         * @description Needs scope `release` or `administer`, or a member, admin or owner.
         */
        get: operations["sentry_whoami"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/0/organizations/{org}/artifactbundle/assemble/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Put a bundle of source maps together
         * @description `not_found` with the pieces that are missing, `ok` once the bundle is kept, `error` with a reason if it cannot be used. A bundle with `version` is found by that release too. From then on frames of its scripts are those of the source, in events that come and in events that are shown. Needs scope `release` or `administer`, or a member, admin or owner.
         */
        post: operations["sentry_assemble"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/0/organizations/{org}/chunk-upload/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How pieces of bundles are sent
         * @description `{org}` is not looked at: there is one organization. Needs scope `release`. Needs scope `release` or `administer`, or a member, admin or owner.
         */
        get: operations["sentry_chunk_options"];
        put?: never;
        /**
         * Send pieces of bundles
         * @description A multipart form with parts `file` or `file_gzip`, the name of each file the SHA-1 of its unpacked bytes: at most 4 of 8 MiB. Needs scope `release` or `administer`, or a member, admin or owner.
         */
        post: operations["sentry_chunk_upload"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/0/organizations/{org}/releases/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Name a release
         * @description Needs scope `release` or `administer`, or a member, admin or owner.
         */
        post: operations["sentry_create_release"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/0/organizations/{org}/releases/{version}/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a release
         * @description Needs scope `release` or `administer`, or a member, admin or owner.
         */
        get: operations["sentry_get_release"];
        /**
         * Say more of a release
         * @description Needs scope `release` or `administer`, or a member, admin or owner.
         */
        put: operations["sentry_update_release"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/0/organizations/{org}/releases/{version}/deploys/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say that a release went out
         * @description Needs scope `release` or `administer`, or a member, admin or owner.
         */
        post: operations["sentry_deploy"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/0/organizations/{org}/releases/{version}/files/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Which files a release has
         * @description `ReleaseFile`s by name. Needs scope `release` or `administer`, or a member, admin or owner.
         */
        get: operations["sentry_list_files_of_org"];
        put?: never;
        /**
         * Send a file of a release
         * @description A form with the bytes in `file`, the URL in `name` (`~` stands for scheme and host; the file's own name if left out), and, if there are, `dist` and any number of `header`: `Sourcemap:app.js.map` says where the map of a script is, else the script's last comment does. 409 if the release has a file of that name and dist. From then on frames of the script are those of the source. Needs scope `release` or `administer`, or a member, admin or owner.
         */
        post: operations["sentry_upload_file_of_org"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/0/organizations/{org}/releases/{version}/files/{id}/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a file of a release
         * @description Needs scope `release` or `administer`, or a member, admin or owner.
         */
        get: operations["sentry_get_file_of_org"];
        put?: never;
        post?: never;
        /**
         * Delete a file of a release
         * @description Needs scope `release` or `administer`, or a member, admin or owner.
         */
        delete: operations["sentry_delete_file_of_org"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/0/projects/{org}/{project}/files/source-maps/": {
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
         * Delete all files of a release that came one by one
         * @description Needs scope `release` or `administer`, or a member, admin or owner.
         */
        delete: operations["sentry_delete_files"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/0/projects/{org}/{project}/releases/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Name a release of one project
         * @description Needs scope `release` or `administer`, or a member, admin or owner.
         */
        post: operations["sentry_create_project_release"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/0/projects/{org}/{project}/releases/{version}/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a release of one project
         * @description Needs scope `release` or `administer`, or a member, admin or owner.
         */
        get: operations["sentry_get_project_release"];
        /**
         * Say more of a release of one project
         * @description Needs scope `release` or `administer`, or a member, admin or owner.
         */
        put: operations["sentry_update_project_release"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/0/projects/{org}/{project}/releases/{version}/files/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Which files a release has
         * @description `ReleaseFile`s by name. Needs scope `release` or `administer`, or a member, admin or owner.
         */
        get: operations["sentry_list_files"];
        put?: never;
        /**
         * Send a file of a release
         * @description A form with the bytes in `file`, the URL in `name` (`~` stands for scheme and host; the file's own name if left out), and, if there are, `dist` and any number of `header`: `Sourcemap:app.js.map` says where the map of a script is, else the script's last comment does. 409 if the release has a file of that name and dist. From then on frames of the script are those of the source. Needs scope `release` or `administer`, or a member, admin or owner.
         */
        post: operations["sentry_upload_file"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/0/projects/{org}/{project}/releases/{version}/files/{id}/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a file of a release
         * @description Needs scope `release` or `administer`, or a member, admin or owner.
         */
        get: operations["sentry_get_file"];
        put?: never;
        post?: never;
        /**
         * Delete a file of a release
         * @description Needs scope `release` or `administer`, or a member, admin or owner.
         */
        delete: operations["sentry_delete_file"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/errors/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export errors
         * @description The same, as CSV unless `format` says otherwise. Needs scope `read_telemetry`, or any role.
         */
        get: operations["export_errors_as_csv"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/store/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Send one event in the address of a picture
         * @description For pages of browsers that load a picture to report an error: `sentry_data` is one event, as JSON, as base64 of it, or as base64 of zlib of it, and `sentry_key` the key. The answer is a picture of one pixel. An address has at most 65,534 bytes. Needs an ingest key, an API key with scope `ingest`, or a member.
         */
        get: operations["sentry_store_by_address_legacy"];
        put?: never;
        /**
         * The same into the only project of the key
         * @description One event as JSON, as base64 of it, or as zlib in base64, from clients of before there were envelopes. The key as for envelopes, but not in the body. Needs an ingest key, an API key with scope `ingest`, or a member.
         */
        post: operations["sentry_store_legacy"];
        delete?: never;
        /** Say to browsers that pages of any site may send */
        options: operations["sentry_store_legacy_preflight"];
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/system/audit-logs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Newest entries, newest errors, or counts
         * @description For dashboards; `GET /api/v1/audit` has filters and pages. Needs scope `read_audit`, or any role.
         */
        get: operations["system_audit_logs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/system/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Health with figures: database, speed, error rate, rows, activity
         * @description 200 while healthy or degraded, 503 when unhealthy. Found out at most every 5 seconds; names no data of applications.
         */
        get: operations["system_health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/activity/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow everything
         * @description Server-sent events: `opened` (`ActivityOpened`), the newest rows of the last day oldest first, then one `row` per row of any signal as it becomes visible. `skipped` says how many came past `rate_max` within a second, `lagged` how many batches a slow reader missed. Audit entries only for callers that may read them; `opened` says what is left out. One entry in the trail per opened stream. `project=*` follows all applications, without Whodunit's own trail. Needs scope `read_telemetry`, or any role.
         */
        get: operations["activity_stream"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/activity/summary": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What the last day was like
         * @description Counts by level in at most 25 buckets (hours, for a day), and the ten most frequent actions, actors and addresses of audit entries. A page may ask again and again: one entry in the trail stands for 15 minutes of the same caller and project. Without the permission for audit entries those are left out, and `without` says so. Needs scope `read_telemetry`, or any role.
         */
        get: operations["activity_summary"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/backups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How far the backup is, or what came of the last one
         * @description Of this process: after a restart the state is `none`. `whodunit backup list` reads the place itself. Needs scope `administer`, or an admin or owner.
         */
        get: operations["last_backup"];
        put?: never;
        /**
         * Start a backup of everything
         * @description Goes on in the background; ask for it with GET. Everything that was acknowledged before is inside: segments are copied once into the place and shared by its backups, to which come the write-ahead log, the manifest and the control database. The place is a directory on the server's machine that is empty or holds backups of this server, or `s3://bucket/prefix` at the server's own endpoint. 409 while another one is under way. Needs scope `administer`, or an admin or owner.
         */
        post: operations["start_backup"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List keys
         * @description Needs scope `administer`, or an admin or owner.
         */
        get: operations["list_keys"];
        put?: never;
        /**
         * Create a key
         * @description The secret is in this answer and never again. Needs scope `administer`, or an admin or owner.
         */
        post: operations["create_key"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/keys/{id}": {
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
         * Revoke a key
         * @description At once and for ever; the key stays listed. Needs scope `administer`, or an admin or owner.
         */
        delete: operations["revoke_key"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/projects": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List projects that the caller reaches
         * @description Needs scope `read_telemetry`, or any role.
         */
        get: operations["list_projects"];
        put?: never;
        /**
         * Create a project
         * @description Needs scope `administer`, or an admin or owner.
         */
        post: operations["create_project"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/projects/{slug}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Rename, archive or restore a project
         * @description Needs scope `administer`, or an admin or owner.
         */
        patch: operations["update_project"];
        trace?: never;
    };
    "/api/v1/admin/redaction": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a project's redaction rules
         * @description Needs scope `administer`, or an admin or owner.
         */
        get: operations["get_redaction"];
        /**
         * Replace a project's redaction rules
         * @description In force at once, for what comes from now on. The standard rules always count, but for keys that a rule keeps. Needs scope `administer`, or an admin or owner.
         */
        put: operations["set_redaction"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/redaction/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say what redaction rules would filter
         * @description Of a sample, and of the 100 newest audit entries and log lines of the project that the caller may read. Changes nothing; values are shown as they would be stored. Needs scope `administer`, or an admin or owner.
         */
        post: operations["test_redaction"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/retention": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the retention rules
         * @description Needs scope `administer`, or an admin or owner.
         */
        get: operations["get_retention"];
        /**
         * Replace the retention rules
         * @description A list of rules; the first that fits a table and project counts. Needs scope `administer`, or an admin or owner.
         */
        put: operations["set_retention"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/retention/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say what retention rules would drop now
         * @description Segments that would go at once if these rules were in force, by the plan that retention itself follows. Changes nothing. Rows that are in no segment yet stay. Needs scope `administer`, or an admin or owner.
         */
        post: operations["preview_retention"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List settings of the control plane
         * @description Needs scope `administer`, or an admin or owner.
         */
        get: operations["list_settings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/settings/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Change a setting
         * @description `audit_logging` set to `false` refuses applications' audit entries with 409 and is itself recorded, whichever way it is switched. Needs scope `administer`, or an admin or owner.
         */
        put: operations["change_setting"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/settings/{name}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who changed a setting, when, from what to what
         * @description Needs scope `administer`, or an admin or owner.
         */
        get: operations["setting_history"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/settings/{name}/revert": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make an earlier version of a setting the newest
         * @description Needs scope `administer`, or an admin or owner.
         */
        post: operations["revert_setting"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/settle": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Flush and compact until nothing is left to do
         * @description The server does this by itself as time passes; asked for, it is done now. For measurements, and before a backup of the files. Takes as long as it takes: after `request_timeout` the answer is 504 and the work goes on with the next request. Needs scope `administer`, or an admin or owner.
         */
        post: operations["settle"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List users
         * @description Needs scope `administer`, or an admin or owner.
         */
        get: operations["list_users"];
        put?: never;
        /**
         * Create a user
         * @description Needs scope `administer`, or an admin or owner.
         */
        post: operations["create_user"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/users/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change a user's name or role, disable or enable
         * @description The last owner stays an owner. Only owners make, change or disable owners. Needs scope `administer`, or an admin or owner.
         */
        patch: operations["update_user"];
        trace?: never;
    };
    "/api/v1/admin/users/{id}/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give a user a new password
         * @description Made up by the server, answered once; ends all sessions of the user. Needs scope `administer`, or an admin or owner.
         */
        post: operations["reset_password"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ask": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask in plain words
         * @description `who deleted order 17`, `failed logins yesterday`, `what happened before order 17 was deleted`: the answer has a sentence, the reading that was taken, the SQL that ran, and the rows. A text that is no question is answered with near ones in `suggestions`, and nothing is read. Every question that runs leaves an entry in Whodunit's own trail, other formats than `json` count as an export. Needs scope `read_audit`, or any role.
         */
        post: operations["ask"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/attachments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List files that came with errors
         * @description Newest first, by pages. `event_id=…` lists those of one event. What is in a file is downloaded by its id. Needs scope `read_telemetry`, or any role.
         */
        get: operations["list_attachments"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/attachments/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Download a file that came with an error
         * @description The whole file, as a download that no browser shows. Recorded as an export. Needs scope `read_telemetry`, or any role.
         */
        get: operations["download_attachment"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List audit entries
         * @description Newest first, by pages. Recorded in Whodunit's own trail before the first row. Needs scope `read_audit`, or any role.
         */
        get: operations["list_audit"];
        put?: never;
        /**
         * Append audit entries
         * @description One object, an array, or NDJSON; plain, gzip, zstd or br. The answer goes out when the entries are on disk, with a receipt for each. A bad entry is rejected by index with field and reason while the good ones are kept; if none is left, the status is 400 and `error` names the first rejection beside all of them. An entry whose `id` was sent before gets its first receipt again. With `"state": "intent"` an entry is recorded before its action and completed later. Needs an ingest key, an API key with scope `ingest`, or a member.
         */
        post: operations["append_audit"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export audit entries
         * @description Every row of the filter, newest first, without a limit on their number, as a file to save; it shows the moment at which it was begun. Works as a plain link for who is signed in. Recorded as an export with the number of rows that went out, also when the client goes away. A failure on the way is a last line `{"error": …}` of NDJSON; JSON and CSV break off. `query_time` and `query_memory` bound each piece of 4,096 rows. Needs scope `read_audit`, or any role.
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
    "/api/v1/audit/fields": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Count the fields of audit entries
         * @description Columns and attributes that the rows of the filter have, with the number of rows that have each. Up to 200,000 rows are counted exactly; of more the newest so many, and `sampled` says so. Needs scope `read_audit`, or any role.
         */
        get: operations["audit_fields"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow audit entries
         * @description Server-sent events: one `row` per entry as it becomes visible; `lagged` with a count when the reader was too slow. Needs scope `read_audit`, or any role.
         */
        get: operations["tail_audit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read one audit entry
         * @description All states of the entry: what was intended, and what came of it. Needs scope `read_audit`, or any role.
         */
        get: operations["get_audit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit/{id}/complete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Complete an intent
         * @description Second step of a two-step entry: what came of the action that the intent announced. Needs an ingest key, an API key with scope `ingest`, or a member.
         */
        post: operations["complete_audit"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/blame": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Say who last set each field of a thing
         * @description From the changes of its audit entries, as in `change_history`; entries that failed and intents do not count. The field that was changed last comes first. Needs scope `read_audit`, or any role.
         */
        get: operations["blame"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List cases
         * @description Of all projects that the caller reaches, unless one is named. Needs scope `read_audit`, or any role.
         */
        get: operations["list_cases"];
        put?: never;
        /**
         * Open a case
         * @description A named list of rows with notes. Who reaches its project and may read audit entries sees it; rows inside may be of other projects, and are there for those who may read them. Needs scope `administer`, or a member, admin or owner.
         */
        post: operations["create_case"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a case
         * @description With all that it holds; of rows one line each. Recorded in Whodunit's own trail with the case as target. Needs scope `read_audit`, or any role.
         */
        get: operations["get_case"];
        put?: never;
        post?: never;
        /**
         * Delete a case with all that it holds
         * @description For the user who opened it, and for administrators. The answer is what it was; the trail keeps every act on it. Needs scope `administer`, or a member, admin or owner.
         */
        delete: operations["delete_case"];
        options?: never;
        head?: never;
        /**
         * Rename, describe, close or reopen a case
         * @description A closed case takes no change but being opened again, or deleted. Needs scope `administer`, or a member, admin or owner.
         */
        patch: operations["update_case"];
        trace?: never;
    };
    "/api/v1/cases/{id}/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export a case
         * @description First a line of the kind `case` (its name in `summary`, its description in `note`), then its rows and notes in the order in which they were added, each row with all that is kept of it in `fields`; what the caller may not read is left out. Works as a plain link for who is signed in. Recorded as an export with the case as target. Needs scope `read_audit`, or any role.
         */
        get: operations["export_case"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/items/{number}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read one row of a case, whole
         * @description With every column that is kept of it, in `item.row.fields`. Recorded as reading the case is. Needs scope `read_audit`, or any role.
         */
        get: operations["get_case_item"];
        put?: never;
        post?: never;
        /**
         * Take a row or a note out of a case
         * @description What the case kept of the row is gone with it. The answer is what it was. Needs scope `administer`, or a member, admin or owner.
         */
        delete: operations["remove_case_item"];
        options?: never;
        head?: never;
        /**
         * Change the note of a row, or a note
         * @description Needs scope `administer`, or a member, admin or owner.
         */
        patch: operations["change_case_note"];
        trace?: never;
    };
    "/api/v1/cases/{id}/notes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Add a note to a case
         * @description Needs scope `administer`, or a member, admin or owner.
         */
        post: operations["add_case_note"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/rows": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Add rows to a case
         * @description Each row is looked up, as far as the caller may read it, and kept as it is now: retention of the signal does not touch what the case keeps. All rows of a request are added, or none; those that the case has already are counted in `present`. 404 names the first that is not there. Needs scope `administer`, or a member, admin or owner.
         */
        post: operations["add_case_rows"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/check-ins": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List check-ins of scheduled jobs
         * @description Newest first, by pages. `monitor=…` lists those of one job. Needs scope `read_telemetry`, or any role.
         */
        get: operations["list_check_ins"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/errors": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List errors
         * @description Newest first, by pages. `issue_id=…` lists the events of an issue and of what was merged into it; `status`, `assignee` and `new` choose issues as in their list, and events of deleted issues are left out. `tag.NAME=VALUE` chooses by a tag, with all that columns have (`!VALUE`, `*`, several values), and `tag.NAME` is a facet, too; so are `page` (the transaction, else the path of the request) and `user` (the id, else the e-mail address, else the IP address). What may be long (`contexts`, `request`, `breadcrumbs`, `exception`, `raw`) is left out; the single event has it. Needs scope `read_telemetry`, or any role.
         */
        get: operations["list_errors"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/errors/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export errors
         * @description Every event of the filter with every column, newest first, streamed, NDJSON unless `format` says otherwise; as the exports of other lists. Events of deleted issues are left out. Recorded as an export. Needs scope `read_telemetry`, or any role.
         */
        get: operations["export_errors"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/errors/tags": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Count the tags of errors
         * @description Which tags the newest 10,000 events of the filter have, and the ten most frequent values of each. Needs scope `read_telemetry`, or any role.
         */
        get: operations["error_tags"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/errors/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show one error
         * @description By its event id, with every column: `raw` is the whole event as it was stored, without its secrets. Needs scope `read_telemetry`, or any role.
         */
        get: operations["get_error"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/feedback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what users said
         * @description Newest first, by pages. `event_id=…` lists what was said about one event. Needs scope `read_telemetry`, or any role.
         */
        get: operations["list_feedback"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/feedback/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export what users said
         * @description Everything of the filter with every column, newest first, streamed, NDJSON unless `format` says otherwise; as the exports of other lists. Recorded as an export. Needs scope `read_telemetry`, or any role.
         */
        get: operations["export_feedback"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/imports/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How far a file is imported
         * @description Line numbers and hashes only, so that a key that can only send may ask. Needs an ingest key, an API key with scope `ingest`, or a member.
         */
        get: operations["import_state"];
        put?: never;
        /**
         * Append a piece of a file
         * @description For `whodunit import`: log lines as for `POST /api/v1/logs`, at most 5,000 and 4 MiB, each with the attributes `import.file` (the id in the path), `import.line` and `import.upto` (hash of the file up to the last line of the piece). A piece enters as a whole. 409 when a piece that begins at `after` is stored, 429 while one is under way. Needs an ingest key, an API key with scope `ingest`, or a member.
         */
        post: operations["append_import"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ingest/rates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Say how fast rows come in, and what is refused
         * @description Rows and bytes a second by protocol, on the average of the last minute; what came in each minute of the last hour; what was refused, by reason. Of all projects together, as `/metrics` has it, and since the process began: it reads counters and nothing else, so a page may ask every few seconds. What each sender had refused is in `GET /api/v1/sources`. Needs scope `read_telemetry`, or any role.
         */
        get: operations["ingest_rates"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/issues": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Count errors by issue
         * @description Events of the same problem are one issue, and those of issues that were merged count together. Counts and `first_seen` are of the range; `state`, `assignee`, `begun_at` and `new` are of the issue. A deleted issue is not there. Needs scope `read_telemetry`, or any role.
         */
        get: operations["list_issues"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/issues/assignees": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List users to whom issues may be assigned
         * @description Needs scope `administer`, or a member, admin or owner.
         */
        get: operations["list_issue_assignees"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/issues/change": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Resolve, ignore, reopen or assign issues
         * @description All of them, or none. Needs scope `administer`, or a member, admin or owner.
         */
        post: operations["change_issues"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/issues/delete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Delete issues
         * @description All of them, or none. Needs scope `administer`, or a member, admin or owner.
         */
        post: operations["delete_issues"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/issues/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export issues
         * @description Every issue of the list with these parameters, in its order, streamed: what the list says of each, without its counts over time. At most 100,000. Recorded as an export. Needs scope `read_telemetry`, or any role.
         */
        get: operations["export_issues"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/issues/merge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Merge issues into another one
         * @description Their events count for `into`, those that are stored and those to come, and so do those of what was merged into them before. `into` keeps its state. Nothing of the stored events changes. Needs scope `administer`, or a member, admin or owner.
         */
        post: operations["merge_issues"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/issues/statistics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Count errors over time, by what they say
         * @description Of the same events that the list of issues counts with these parameters. Needs scope `read_telemetry`, or any role.
         */
        get: operations["issue_statistics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/issues/undo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take back a change of issues
         * @description All issues that the change touched stand as before it; 409 if one of them was changed since. This is a change, too, and can be taken back. Needs scope `administer`, or a member, admin or owner.
         */
        post: operations["undo_issue_change"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/issues/unmerge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Unmerge issues
         * @description `ids` are those that were merged: their events count for themselves again. Needs scope `administer`, or a member, admin or owner.
         */
        post: operations["unmerge_issues"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/issues/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show one issue
         * @description What was merged stands for what it was merged into. Its counts, its newest event, the tags of its newest events, and why that event is in it. 404 if the range has no event of it. Needs scope `read_telemetry`, or any role.
         */
        get: operations["get_issue"];
        put?: never;
        post?: never;
        /**
         * Delete an issue
         * @description Hides the issue, what was merged into it, and all of their events received until now; the next event makes it come back as new. Stored events stay until retention drops them: SQL and the single event show them. Needs scope `administer`, or a member, admin or owner.
         */
        delete: operations["delete_issue"];
        options?: never;
        head?: never;
        /**
         * Resolve, ignore, reopen or assign an issue
         * @description What is left out stays. What is so already is no change: then the answer has no `change`. An event after a resolution, that the resolution does not speak of, makes the issue regressed; an ignored one comes back when its time, its events or its users are reached. Needs scope `administer`, or a member, admin or owner.
         */
        patch: operations["update_issue"];
        trace?: never;
    };
    "/api/v1/issues/{id}/comments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the comments on an issue
         * @description On the issue and on what was merged into it, oldest first; without those from before it was deleted. Needs scope `read_telemetry`, or any role.
         */
        get: operations["list_issue_comments"];
        put?: never;
        /**
         * Comment on an issue
         * @description Needs scope `administer`, or a member, admin or owner.
         */
        post: operations["add_issue_comment"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/issues/{id}/comments/{comment}": {
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
         * Remove a comment on an issue
         * @description For who said it, and for administrators. The answer is what it was, and so is the trail's entry. Needs scope `administer`, or a member, admin or owner.
         */
        delete: operations["remove_issue_comment"];
        options?: never;
        head?: never;
        /**
         * Change a comment on an issue
         * @description For who said it, and for administrators. Needs scope `administer`, or a member, admin or owner.
         */
        patch: operations["change_issue_comment"];
        trace?: never;
    };
    "/api/v1/issues/{id}/feedback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what users said of an issue
         * @description Of its events and of those of what was merged into it, whatever the range. Needs scope `read_telemetry`, or any role.
         */
        get: operations["issue_feedback"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/issues/{id}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the changes of an issue
         * @description Of the issue and of what was merged into it, newest first. Needs scope `read_telemetry`, or any role.
         */
        get: operations["issue_history"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/issues/{id}/similar": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List issues like this one
         * @description Those whose newest event has the same type and culprit, or shares frames of the application with that of this issue. For a person to look at, and perhaps to merge. Needs scope `read_telemetry`, or any role.
         */
        get: operations["similar_issues"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/logs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List log lines
         * @description Newest first, by pages. Needs scope `read_telemetry`, or any role.
         */
        get: operations["list_logs"];
        put?: never;
        /**
         * Append log lines
         * @description NDJSON, one object per line; plain, gzip, zstd or br. Every field becomes a column. A bad line is rejected while the good ones are kept; if none is left, the status is 400. When a large body fails half-way (429, 503), the answer has `error` and `resume_at_line`: send again from that line on. Needs an ingest key, an API key with scope `ingest`, or a member.
         */
        post: operations["append_logs"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/logs/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export log lines
         * @description Every row of the filter, newest first, without a limit on their number, as a file to save; it shows the moment at which it was begun. Works as a plain link for who is signed in. Recorded as an export with the number of rows that went out, also when the client goes away. A failure on the way is a last line `{"error": …}` of NDJSON; JSON and CSV break off. `query_time` and `query_memory` bound each piece of 4,096 rows. Needs scope `read_telemetry`, or any role.
         */
        get: operations["export_logs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/logs/fields": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Count the fields of log lines
         * @description Columns and attributes that the rows of the filter have, with the number of rows that have each. Up to 200,000 rows are counted exactly; of more the newest so many, and `sampled` says so. Needs scope `read_telemetry`, or any role.
         */
        get: operations["logs_fields"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/logs/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow log lines
         * @description Server-sent events: one `row` per line as it becomes visible; `lagged` with a count when the reader was too slow. Needs scope `read_telemetry`, or any role.
         */
        get: operations["tail_logs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Change one's own password
         * @description Ends all other sessions. Needs a signed-in user.
         */
        post: operations["change_password"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List one's own sessions
         * @description Needs a signed-in user.
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
    "/api/v1/me/sessions/{id}": {
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
         * End one of one's own sessions
         * @description Needs a signed-in user.
         */
        delete: operations["end_session"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/monitors": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List scheduled jobs
         * @description Every job that has checked in within 40 days, in each of its environments, and how it stands. What is missed, fails or runs too long is an error with the tag `monitor`; all of one job in one environment are one issue. Needs scope `read_telemetry`, or any role.
         */
        get: operations["list_monitors"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This API as OpenAPI 3.1 */
        get: operations["openapi"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/releases/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show the health of releases
         * @description Of each release in each environment, of how many of its sessions the last word was a crash, how many errors it has, and when it went out; and the sessions of all of them over time. Up to 200 of them, the one heard from last first: those with sessions or errors in the range, and those that were named or deployed in it. Needs scope `read_telemetry`, or any role.
         */
        get: operations["release_health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who the server takes the caller for
         * @description For a page to begin with: permissions by name, projects that the caller reaches, switches. 401 for a stranger, whose answer says beside `error` whether the server waits for its first owner (`setup_needed`) and its `version`.
         */
        get: operations["who_am_i"];
        put?: never;
        /**
         * Sign in
         * @description Sets the cookie `whodunit_session`. Requests by cookie that change something also need the answered `csrf` as `X-CSRF-Token`.
         */
        post: operations["sign_in"];
        /**
         * Sign out
         * @description Needs a signed-in user.
         */
        delete: operations["sign_out"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/setup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make the first owner
         * @description Works once, with the token of the printed link; signs the owner in.
         */
        post: operations["set_up"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sourcemaps": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Which source maps there are
         * @description The newest first. Those that were uploaded first go when all of a project are larger than 2 GiB. Needs scope `read_telemetry`, or any role.
         */
        get: operations["list_sourcemaps"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sourcemaps/{id}": {
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
         * Delete a bundle of source maps
         * @description The answer is what it was. Events that were stored with its help stay as they are. Needs scope `release` or `administer`, or a member, admin or owner.
         */
        delete: operations["delete_sourcemaps"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sources": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List who sends what
         * @description Each sender with each program over each protocol: when it was first and last heard from, how much is stored of it, and what was refused. Of all projects that the caller reaches, unless one is named. Also the SQL table `sources`. Counts are saved every 10 seconds: a crash loses what came after. Requests without known credentials belong to no source. Needs scope `read_telemetry`, or any role.
         */
        get: operations["list_sources"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/spans": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List spans
         * @description Newest first, by pages. `trace_id=…` lists one trace; `duration_ns=>=…` finds the slow ones. Every attribute is a column under its key. Needs scope `read_telemetry`, or any role.
         */
        get: operations["list_spans"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sql": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask in SQL
         * @description One statement over the tables and views `audit_logs`, `logs`, `error_events`, `session_events`, `spans`, `samples`, `attachments`, `feedback`, `check_ins`, `release_sessions`, `change_history`, `security_events`, `data_access_logs`, `error_logs`, `timeline`. Only rows that the caller may see exist for it. Limits on time, memory and rows end a query with a named error or mark the answer `partial`. Reading audit entries leaves an entry in Whodunit's own trail, other formats than `json` count as an export. Needs scope `read_telemetry`, or any role.
         */
        post: operations["sql"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/storage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Say what the store holds, how it grows, and how long the disk lasts
         * @description Rows, bytes and segments by table, project and tier, of all projects that the caller reaches, unless one is named; disks and write-ahead log are the whole store's. Growth is read from the segments: the bytes whose rows happened on the last whole UTC days, at most 7, without the first day of a table and project and without days before anything was sent. `days_left` plays that growth forward a day at a time, takes off what retention drops or moves to another disk by then, and stops where the free space above the reserve is used up; it is absent while no table has a whole day, when it is more than 1,000 days, and when segments are in a bucket, and `days_left_because` says which. Needs scope `read_telemetry`, or any role.
         */
        get: operations["storage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/timeline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Everything about an actor, target, request, session or moment
         * @description All signals in time order; each row says by which key it was joined and how sure that is. Needs scope `read_audit`, or any role.
         */
        get: operations["timeline"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/views": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List saved views
         * @description The caller's own and those that are shared, of all projects that the caller reaches, unless one is named. A key sees the shared ones. Needs scope `read_telemetry`, or any role.
         */
        get: operations["list_views"];
        put?: never;
        /**
         * Save a view
         * @description Of one's own, or with `shared` for everybody who reaches the project, which needs a member, admin or owner. Names differ within a project and page, among one's own and among shared ones. Needs a signed-in user.
         */
        post: operations["create_view"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/views/{id}": {
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
         * Delete a view
         * @description By the rules of changing it. The answer is what it was. Needs a signed-in user.
         */
        delete: operations["delete_view"];
        options?: never;
        head?: never;
        /**
         * Change, rename, share or stop sharing a view
         * @description One's own, or a shared one as a member, admin or owner. Its earlier states are in the trail: `target_type=view` and its id. Needs a signed-in user.
         */
        patch: operations["update_view"];
        trace?: never;
    };
    "/api/{project}/cron/{monitor}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Check in for a scheduled job
         * @description For jobs without a client, by GET or POST: `status` is `ok` (default), `error` or `in_progress`; `check_in_id`, `duration` (seconds) and `environment` may be there; a body is a check-in as JSON, which may bring `monitor_config`. The key as for envelopes, or as the last part of the path. Needs an ingest key, an API key with scope `ingest`, or a member.
         */
        get: operations["sentry_cron_bare"];
        put?: never;
        /**
         * Check in for a scheduled job
         * @description For jobs without a client, by GET or POST: `status` is `ok` (default), `error` or `in_progress`; `check_in_id`, `duration` (seconds) and `environment` may be there; a body is a check-in as JSON, which may bring `monitor_config`. The key as for envelopes, or as the last part of the path. Needs an ingest key, an API key with scope `ingest`, or a member.
         */
        post: operations["sentry_cron_bare_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/{project}/cron/{monitor}/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Check in for a scheduled job
         * @description For jobs without a client, by GET or POST: `status` is `ok` (default), `error` or `in_progress`; `check_in_id`, `duration` (seconds) and `environment` may be there; a body is a check-in as JSON, which may bring `monitor_config`. The key as for envelopes, or as the last part of the path. Needs an ingest key, an API key with scope `ingest`, or a member.
         */
        get: operations["sentry_cron"];
        put?: never;
        /**
         * Check in for a scheduled job
         * @description For jobs without a client, by GET or POST: `status` is `ok` (default), `error` or `in_progress`; `check_in_id`, `duration` (seconds) and `environment` may be there; a body is a check-in as JSON, which may bring `monitor_config`. The key as for envelopes, or as the last part of the path. Needs an ingest key, an API key with scope `ingest`, or a member.
         */
        post: operations["sentry_cron_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/{project}/cron/{monitor}/{key}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Check in for a scheduled job
         * @description For jobs without a client, by GET or POST: `status` is `ok` (default), `error` or `in_progress`; `check_in_id`, `duration` (seconds) and `environment` may be there; a body is a check-in as JSON, which may bring `monitor_config`. The key as for envelopes, or as the last part of the path. Needs an ingest key, an API key with scope `ingest`, or a member.
         */
        get: operations["sentry_cron_with_key_bare"];
        put?: never;
        /**
         * Check in for a scheduled job
         * @description For jobs without a client, by GET or POST: `status` is `ok` (default), `error` or `in_progress`; `check_in_id`, `duration` (seconds) and `environment` may be there; a body is a check-in as JSON, which may bring `monitor_config`. The key as for envelopes, or as the last part of the path. Needs an ingest key, an API key with scope `ingest`, or a member.
         */
        post: operations["sentry_cron_with_key_bare_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/{project}/cron/{monitor}/{key}/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Check in for a scheduled job
         * @description For jobs without a client, by GET or POST: `status` is `ok` (default), `error` or `in_progress`; `check_in_id`, `duration` (seconds) and `environment` may be there; a body is a check-in as JSON, which may bring `monitor_config`. The key as for envelopes, or as the last part of the path. Needs an ingest key, an API key with scope `ingest`, or a member.
         */
        get: operations["sentry_cron_with_key"];
        put?: never;
        /**
         * Check in for a scheduled job
         * @description For jobs without a client, by GET or POST: `status` is `ok` (default), `error` or `in_progress`; `check_in_id`, `duration` (seconds) and `environment` may be there; a body is a check-in as JSON, which may bring `monitor_config`. The key as for envelopes, or as the last part of the path. Needs an ingest key, an API key with scope `ingest`, or a member.
         */
        post: operations["sentry_cron_with_key_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/{project}/csp-report/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * The same under its old name
         * @description Violations of a content security policy and errors of the network, in the form that browsers always had and in that of the Reporting API. Each becomes an event. The key as `sentry_key`; `sentry_release` and `sentry_environment` say what the report belongs to. Needs an ingest key, an API key with scope `ingest`, or a member.
         */
        post: operations["sentry_csp"];
        delete?: never;
        /** Say to browsers that pages of any site may send */
        options: operations["sentry_csp_preflight"];
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/{project}/envelope": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * The same without the slash
         * @description `{project}` is a project's number or slug. The key is the public part of a DSN, in `X-Sentry-Auth`, `Authorization`, the parameter `sentry_key` or the `dsn` of the first line; exactly one of them. Plain, gzip, deflate, br or zstd. Errors, log lines, transactions, spans, attachments, feedback, check-ins, sessions and reports are stored; other items are counted by their type and answered as taken. See docs/compatibility.md. Needs an ingest key, an API key with scope `ingest`, or a member.
         */
        post: operations["sentry_envelope_bare"];
        delete?: never;
        /** Say to browsers that pages of any site may send */
        options: operations["sentry_envelope_bare_preflight"];
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/{project}/envelope/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send an envelope as to Sentry
         * @description `{project}` is a project's number or slug. The key is the public part of a DSN, in `X-Sentry-Auth`, `Authorization`, the parameter `sentry_key` or the `dsn` of the first line; exactly one of them. Plain, gzip, deflate, br or zstd. Errors, log lines, transactions, spans, attachments, feedback, check-ins, sessions and reports are stored; other items are counted by their type and answered as taken. See docs/compatibility.md. Needs an ingest key, an API key with scope `ingest`, or a member.
         */
        post: operations["sentry_envelope"];
        delete?: never;
        /** Say to browsers that pages of any site may send */
        options: operations["sentry_envelope_preflight"];
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/{project}/events/{event}/attachments/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send files of an event
         * @description A form with files of an event that was sent before. Needs an ingest key, an API key with scope `ingest`, or a member.
         */
        post: operations["sentry_attachments"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/{project}/minidump": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * The same without the slash
         * @description A form with the memory in `upload_file_minidump` and, if there is one, the event as JSON in `sentry`; or nothing but the memory. Answers the event's id. The memory is kept as an attachment and not read. Needs an ingest key, an API key with scope `ingest`, or a member.
         */
        post: operations["sentry_minidump_bare"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/{project}/minidump/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send the memory of a crashed process
         * @description A form with the memory in `upload_file_minidump` and, if there is one, the event as JSON in `sentry`; or nothing but the memory. Answers the event's id. The memory is kept as an attachment and not read. Needs an ingest key, an API key with scope `ingest`, or a member.
         */
        post: operations["sentry_minidump"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/{project}/nel/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * The same for errors of the network
         * @description Violations of a content security policy and errors of the network, in the form that browsers always had and in that of the Reporting API. Each becomes an event. The key as `sentry_key`; `sentry_release` and `sentry_environment` say what the report belongs to. Needs an ingest key, an API key with scope `ingest`, or a member.
         */
        post: operations["sentry_nel"];
        delete?: never;
        /** Say to browsers that pages of any site may send */
        options: operations["sentry_nel_preflight"];
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/{project}/security/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take reports of browsers
         * @description Violations of a content security policy and errors of the network, in the form that browsers always had and in that of the Reporting API. Each becomes an event. The key as `sentry_key`; `sentry_release` and `sentry_environment` say what the report belongs to. Needs an ingest key, an API key with scope `ingest`, or a member.
         */
        post: operations["sentry_security"];
        delete?: never;
        /** Say to browsers that pages of any site may send */
        options: operations["sentry_security_preflight"];
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/{project}/store": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Send one event in the address of a picture
         * @description For pages of browsers that load a picture to report an error: `sentry_data` is one event, as JSON, as base64 of it, or as base64 of zlib of it, and `sentry_key` the key. The answer is a picture of one pixel. An address has at most 65,534 bytes. Needs an ingest key, an API key with scope `ingest`, or a member.
         */
        get: operations["sentry_store_by_address_bare"];
        put?: never;
        /**
         * The same without the slash
         * @description One event as JSON, as base64 of it, or as zlib in base64, from clients of before there were envelopes. The key as for envelopes, but not in the body. Needs an ingest key, an API key with scope `ingest`, or a member.
         */
        post: operations["sentry_store_bare"];
        delete?: never;
        /** Say to browsers that pages of any site may send */
        options: operations["sentry_store_bare_preflight"];
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/{project}/store/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Send one event in the address of a picture
         * @description For pages of browsers that load a picture to report an error: `sentry_data` is one event, as JSON, as base64 of it, or as base64 of zlib of it, and `sentry_key` the key. The answer is a picture of one pixel. An address has at most 65,534 bytes. Needs an ingest key, an API key with scope `ingest`, or a member.
         */
        get: operations["sentry_store_by_address"];
        put?: never;
        /**
         * Send one event as to Sentry
         * @description One event as JSON, as base64 of it, or as zlib in base64, from clients of before there were envelopes. The key as for envelopes, but not in the body. Needs an ingest key, an API key with scope `ingest`, or a member.
         */
        post: operations["sentry_store"];
        delete?: never;
        /** Say to browsers that pages of any site may send */
        options: operations["sentry_store_preflight"];
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/assets/{file}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A file of the interface
         * @description A file whose name ends with a hash of its content may be kept for ever, the others are asked for again. In brotli or gzip where the client takes it; `If-None-Match` is honoured.
         */
        get: operations["asset"];
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
        /**
         * Health with every check
         * @description 200 while healthy or degraded, 503 when unhealthy.
         */
        get: operations["health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/detailed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Health with response times, memory, connections and request rate
         * @description Always 200: the answer itself says how things are. Needs scope `read_telemetry`, or any role.
         */
        get: operations["health_detailed"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the process answers */
        get: operations["live"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whether appends are accepted
         * @description 503 while starting, after a failed sync, and while stopping.
         */
        get: operations["ready"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/loki/api/v1/push": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Push log lines as to Loki
         * @description JSON, or protobuf in a snappy block; JSON plain, gzip, deflate, snappy, zstd or br. Labels, structured metadata and context inside JSON lines fill the context columns. 400 names what was not taken while the other entries are stored, 422 says that there were none. See docs/compatibility.md. Needs an ingest key, an API key with scope `ingest`, or a member.
         */
        post: operations["loki_push"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/loki/api/v1/status/buildinfo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Version, in the form in which Loki says it */
        get: operations["loki_build_info"];
        put?: never;
        post?: never;
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
         * Metrics about Whodunit itself
         * @description Prometheus text format 0.0.4. Names no data of applications.
         */
        get: operations["metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/otlp/v1/logs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * The same, below the prefix that Loki gives it
         * @description `ExportLogsServiceRequest` as protobuf or JSON; plain, gzip, deflate, zstd or br. Attributes of record, scope and resource are all kept. Records that are not taken are counted in `partial_success`. See docs/compatibility.md. Needs an ingest key, an API key with scope `ingest`, or a member.
         */
        post: operations["otlp_logs_below"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The same in the form in which Loki says it */
        get: operations["loki_ready"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/setup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The page behind the set-up link */
        get: operations["set_up_page"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/logs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Export log records as OTLP/HTTP
         * @description `ExportLogsServiceRequest` as protobuf or JSON; plain, gzip, deflate, zstd or br. Attributes of record, scope and resource are all kept. Records that are not taken are counted in `partial_success`. See docs/compatibility.md. Needs an ingest key, an API key with scope `ingest`, or a member.
         */
        post: operations["otlp_logs"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/{*page}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Any page of the interface
         * @description Every other path, asked for with `Accept: text/html`, but for those that begin with `/api`, `/v1`, `/loki`, `/otlp`, `/health`, `/metrics` or have a part that begins with `_`. Its Content-Security-Policy allows scripts of this server and styles with the answer's nonce only.
         */
        get: operations["page"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/{index}/_bulk": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * The same for one index by PUT
         * @description An action and a document on alternating lines. `index` and `create` are taken, `update` and `delete` refused item by item. See docs/compatibility.md. Needs an ingest key, an API key with scope `ingest`, or a member.
         */
        put: operations["elastic_bulk_index_put"];
        /**
         * The same for one index
         * @description An action and a document on alternating lines. `index` and `create` are taken, `update` and `delete` refused item by item. See docs/compatibility.md. Needs an ingest key, an API key with scope `ingest`, or a member.
         */
        post: operations["elastic_bulk_index"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/{index}/_refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Make documents visible: they are already
         * @description Needs an ingest key, an API key with scope `ingest`, or a member.
         */
        get: operations["elastic_refresh_get"];
        put?: never;
        /**
         * Make documents visible: they are already
         * @description Needs an ingest key, an API key with scope `ingest`, or a member.
         */
        post: operations["elastic_refresh"];
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
        /** @description An action of audit entries. */
        ActionCount: {
            action: string;
            count: number;
            failures: number;
        };
        /** @description One bucket. */
        ActivityBucket: {
            counts: components["schemas"]["ActivityCounts"];
            /** @description Its start. */
            time: string;
        };
        /** @description Rows by how bad they are; a critical one is an error as well. */
        ActivityCounts: {
            critical: number;
            errors: number;
            events: number;
            warnings: number;
        };
        /** @description The data of the event `opened`. */
        ActivityOpened: {
            /** @description Rows a second that come one by one. */
            rate_max: number;
            /** @description Table names. */
            signals: string[];
            /** @description What the caller may not read. */
            without: components["schemas"]["Without"][];
        };
        /** @description The data of one `row` event: one thing that happened. */
        ActivityRow: {
            /** @description Context and main columns; null members left out. */
            fields: {
                [key: string]: unknown;
            };
            id?: string;
            /** @description The row's number in its table, which with its time tells it from all others. */
            seq?: number;
            /** @description Of an entry; the level of other signals. */
            severity?: string;
            /** @description Table name. */
            signal: string;
            /** @description One line for a person. */
            summary: string;
            time: string;
        };
        /** @description What went on in a range of time. */
        ActivitySummary: {
            /** @description Most frequent first. */
            actions: components["schemas"]["ActionCount"][];
            /** @description Most frequent first. */
            actors: components["schemas"]["ActorCount"][];
            /** @description Most frequent first. */
            addresses: components["schemas"]["AddressCount"][];
            bucket_seconds: number;
            /** @description All of the range in time order, empty ones too. */
            buckets: components["schemas"]["ActivityBucket"][];
            from: string;
            /** @description Rows by table name. */
            signals: {
                [key: string]: unknown;
            };
            /** @description Not included. */
            to: string;
            totals: components["schemas"]["ActivityCounts"];
            /** @description What the caller may not read. */
            without: components["schemas"]["Without"][];
        };
        /** @description An actor of audit entries. */
        ActorCount: {
            count: number;
            email?: string;
            id?: string;
            last_ip?: string;
            last_time: string;
            name?: string;
        };
        /** @description What came of adding rows. */
        AddCaseRowsAnswer: {
            added: components["schemas"]["CaseItem"][];
            case: components["schemas"]["CaseView"];
            /** @description Rows of the request that the case had already. */
            present: number;
        };
        /** @description Rows to be kept: all of them, or none. */
        AddCaseRowsRequest: {
            /** @description Why, for the trail. */
            reason?: string;
            /** @description At most 100. */
            rows: components["schemas"]["CaseRowRequest"][];
        };
        /** @description An address of audit entries. */
        AddressCount: {
            /** @description Different ones. */
            actors: number;
            count: number;
            ip: string;
            last_time: string;
        };
        /** @description Somebody who had errors. */
        AffectedUser: {
            /** @description Of the newest event, as is the name. */
            email?: string;
            events: number;
            issues: number;
            last_seen: string;
            name?: string;
            /** @description The id, else the e-mail address, else the IP address. */
            user: string;
        };
        /** @description One column. */
        AnswerColumn: {
            name: string;
            type: string;
        };
        /** @description A sentence, how the question was read, what ran, and the rows. */
        AskAnswer: {
            columns: components["schemas"]["AnswerColumn"][];
            /** @description By the names of the reference of questions. */
            kind?: string;
            question: string;
            /** @description The reading that was taken. */
            read_as?: string;
            /** @description At most 100. */
            rows: unknown[][];
            /** @description Never more than the rows say. */
            sentence: string;
            /** @description The statements that ran, in order; the rows are the last one's. */
            sql: string[];
            statistics: components["schemas"]["Statistics"];
            suggestions?: components["schemas"]["Suggestion"][];
            /** @description If not, nothing ran and `suggestions` has near questions. */
            understood: boolean;
        };
        /** @description A question in plain words. */
        AskRequest: {
            /** @description `json` (default), `ndjson`, `csv`, `arrow`; all but `json` answer the rows alone. */
            format?: string;
            /** @description One project; all applications' that the caller reaches if left out, but not Whodunit's own trail. */
            project?: string;
            /** @description At most 500 bytes. */
            question: string;
            /** @description `UTC` (default), `+02:00` or `Europe/Berlin`: of times in the question and in the sentence. */
            zone?: string;
        };
        /** @description What came of it. */
        AssembleAnswer: {
            /** @description Why the bundle cannot be used. */
            detail?: string;
            missingChunks: string[];
            /** @description `ok`, `not_found` or `error`. */
            state: string;
        };
        /** @description A bundle to be put together. */
        AssembleRequest: {
            /** @description SHA-1 of the whole. */
            checksum: string;
            /** @description SHA-1 of its pieces, in order. */
            chunks: string[];
            dist?: string;
            /** @description Slugs or numbers. */
            projects?: string[];
            /** @description Release that it is found by. */
            version?: string;
        };
        /** @description What became of every entry. */
        AuditAnswer: {
            /** @description Entries on disk now. */
            accepted: number;
            /** @description No entry was accepted: the first rejection in words. The status is then 400. */
            error?: components["schemas"]["ErrorDetail"];
            /** @description Values in whose place `[Filtered]` stands, of the entries that were not known before. */
            filtered: number;
            /** @description In the order of the request. */
            receipts: components["schemas"]["Receipt"][];
            rejected: number;
            /** @description In the order of the request. */
            rejections: components["schemas"]["Rejection"][];
            /** @description Accepted entries that were known already. */
            repeated: number;
        };
        /** @description One entry, an array of entries, or one entry per line (NDJSON). */
        AuditEntries: components["schemas"]["AuditEntry"] | components["schemas"]["AuditEntry"][];
        /** @description Somebody did something. Only `action` is required. Other common spellings of the names are read too, see the guide. */
        AuditEntry: {
            /** @description What was done, in the application's words: `INVOICE_GENERATED`, `client_updated`, `DELETE`. */
            action: string;
            actor_email?: string;
            actor_id?: string;
            actor_name?: string;
            /** @description `user`, `service`, `api_key`, `database_role`, `anonymous`. */
            actor_type?: string;
            arguments?: unknown;
            /** @description Groups one bulk operation. */
            batch_id?: string;
            /** @description `mutation`, `access`, `authentication`, `authorization`, `configuration`, `security`, `system`; from the action if left out. */
            category?: string;
            /** @description Or an object of field to `{before, after}`. */
            changes?: components["schemas"]["Change"][];
            correlation_id?: string;
            description?: string;
            duration_ns?: number;
            environment?: string;
            error_message?: string;
            error_stack?: string;
            error_type?: string;
            function?: string;
            host?: string;
            /** @description UUIDv7; sent again it answers with the first receipt. Made up if left out. */
            id?: string;
            ip?: string;
            metadata?: {
                [key: string]: unknown;
            };
            /** @description `success`, `failure`, `unknown`. */
            outcome?: string;
            /** @description Why it was done. */
            reason?: string;
            release?: string;
            request_method?: string;
            request_path?: string;
            request_status?: number;
            service?: string;
            session_id?: string;
            /** @description `INFO`, `WARNING`, `ERROR`, `CRITICAL`. */
            severity?: string;
            /** @description 16 hexadecimal digits. */
            span_id?: string;
            /** @description `complete` (default) or `intent`. */
            state?: string;
            target_id?: string;
            target_name?: string;
            target_type?: string;
            /** @description When it happened, RFC 3339 or epoch; now if left out. */
            time?: string;
            /** @description 32 hexadecimal digits. */
            trace_id?: string;
            user_agent?: string;
        };
        /** @description All states of one entry. */
        AuditEntryAnswer: {
            /** @description Newest state first, each with `writer`, `leaf_index` and `leaf_hash`; null members left out. */
            rows: {
                [key: string]: unknown;
            }[];
            /** @description The newest state in one line for a person. */
            sentence: string;
        };
        /** @description The backup under way, or the last one of this process. */
        Backup: {
            began_at?: string;
            bytes: number;
            bytes_done: number;
            /** @description Why it failed. */
            error?: string;
            /** @description Segment files to copy; what is at the place already does not count. */
            files: number;
            files_done: number;
            /** @description Segments that were gone or damaged and are not inside. */
            missing?: components["schemas"]["MissingSegment"][];
            /** @description Its name at the place, once it is done. */
            name?: string;
            /** @description What is not inside although it belongs to the installation. */
            note?: string;
            /** @description Names of older backups that were removed. */
            pruned?: string[];
            /** @description `none`, `running`, `done` or `failed`. */
            state: string;
            to?: string;
        };
        /** @description Where to. */
        BackupRequest: {
            /** @description Remove older backups afterwards until so many are left; all are kept if left out. */
            keep?: number;
            reason?: string;
            /** @description A directory on the server's machine, as an absolute path, or `s3://bucket/prefix`. */
            to: string;
        };
        /** @description Who last set each field of a thing. */
        BlameAnswer: {
            /** @description Last changed first. */
            fields: components["schemas"]["BlamedField"][];
            statistics: components["schemas"]["Statistics"];
            target_id: string;
            target_type: string;
        };
        /** @description One field, as it was last set. */
        BlamedField: {
            action: string;
            actor_email?: string;
            actor_id?: string;
            actor_name?: string;
            /** @description How often it was changed. */
            changes: number;
            field: string;
            /** @description Of the audit entry. */
            id: string;
            time: string;
            /** @description Null if it was taken away. */
            value: unknown;
        };
        /** @description One bucket. */
        Bucket: {
            counts: {
                [key: string]: unknown;
            };
            time: string;
        };
        /** @description Rows of a table that are in no segment yet. */
        BufferedRows: {
            rows: number;
            table: string;
        };
        /** @description A release of a bundle. */
        BundleRelease: {
            /** @description Null if it is for all. */
            dist: string;
            release: string;
        };
        /** @description A case with what it holds. */
        CaseAnswer: {
            case: components["schemas"]["CaseView"];
            /** @description Items left out because the caller may not read their rows. */
            hidden: number;
            /** @description In the order in which they were added; rows without their `fields`. */
            items: components["schemas"]["CaseItem"][];
        };
        /** @description A row of a case, or a note. */
        CaseItem: {
            added_at: string;
            added_by: string;
            note?: string;
            /** @description When the note was last written. */
            noted_at?: string;
            noted_by?: string;
            /** @description Within the case, from 1; never given again. */
            number: number;
            /** @description Absent for a note alone. */
            row?: components["schemas"]["CaseRow"];
        };
        /** @description One item and its case. */
        CaseItemAnswer: {
            case: components["schemas"]["CaseView"];
            item: components["schemas"]["CaseItem"];
        };
        /** @description Cases. */
        CaseList: {
            /** @description Last changed first. */
            cases: components["schemas"]["CaseView"][];
        };
        /** @description A note. */
        CaseNoteRequest: {
            /** @description At most 10,000 characters. An empty one takes the note of a row away. */
            note: string;
            /** @description Why, for the trail. */
            reason?: string;
        };
        /** @description A row as it was found when it was added. */
        CaseRow: {
            /** @description Every column that had a value; only where one item is read, and in exports. */
            fields?: {
                [key: string]: unknown;
            };
            /** @description Of rows that have one. */
            id?: string;
            /** @description Columns that were too large to be kept. */
            left_out?: string[];
            project: string;
            /** @description The row's number in its table, which with its time tells it from all others. */
            seq: number;
            /** @description Of an entry; the level of other signals. */
            severity?: string;
            /** @description Table name. */
            signal: string;
            /** @description One line for a person. */
            summary: string;
            time: string;
            /** @description Of an audit entry of at most 16 KiB the columns that a sentence about it is made of, to write `summary` in another language. */
            told?: {
                [key: string]: unknown;
            };
        };
        /** @description Which row: by `id`, or by `time` and `seq`. */
        CaseRowRequest: {
            /** @description Of an audit entry, an error event or a session event. */
            id?: string;
            note?: string;
            /** @description The project of the request if left out. */
            project?: string;
            seq?: number;
            /** @description Table name. */
            signal: string;
            /** @description RFC 3339 with all its digits; beside `id` it finds the row faster. */
            time?: string;
        };
        /** @description A named list of rows with notes, without what it holds. */
        CaseView: {
            /** @description Absent while it is open. */
            closed_at?: string;
            closed_by?: string;
            created_at: string;
            created_by: string;
            description: string;
            id: string;
            name: string;
            /** @description Likewise, of rows and alone. */
            notes: number;
            /** @description Who reaches it sees the case. */
            project: string;
            /** @description That it holds, also those that the caller may not see. */
            rows: number;
            updated_at: string;
            updated_by: string;
            /** @description From 1; each change of the case or of what it holds counts it on. */
            version: number;
        };
        /** @description One changed field. */
        Change: {
            after?: unknown;
            before?: unknown;
            field: string;
        };
        /** @description What to change of several issues. */
        ChangeIssuesRequest: {
            /** @description The id or e-mail address of a user; empty for nobody. */
            assignee?: string;
            /** @description 1 to 1,000. */
            ids: string[];
            /** @description For the trail. */
            reason?: string;
            state?: components["schemas"]["SetIssueState"];
        };
        /** @description Old and new. */
        ChangePasswordRequest: {
            current: string;
            new: string;
        };
        /** @description A new value. */
        ChangeSettingRequest: {
            reason?: string;
            value: unknown;
            /** @description Refuse unless this is in force. */
            version?: number;
        };
        /** @description What came of a change of issues. */
        ChangedIssuesAnswer: {
            /** @description Names the change, to take it back; absent if everything was so already. */
            change?: string;
            /** @description That it touched, as they are now. */
            issues: components["schemas"]["IssueView"][];
        };
        /** @description One check. */
        Check: {
            message: string;
            name: string;
            status: string;
        };
        /** @description What was taken. */
        ChunkUploadAnswer: {
            pieces: number;
        };
        /** @description How pieces are sent. */
        ChunkUploadOptions: {
            /** @description Which kinds of files are taken. */
            accept: string[];
            /** @description Largest piece in bytes. */
            chunkSize: number;
            chunksPerRequest: number;
            compression: string[];
            /** @description Requests side by side. */
            concurrency: number;
            /** @description `sha1`. */
            hashAlgorithm: string;
            /** @description Largest bundle in bytes. */
            maxFileSize: number;
            maxRequestSize: number;
            /** @description Where to. */
            url: string;
        };
        /** @description What came of an intent. */
        Completion: {
            changes?: components["schemas"]["Change"][];
            duration_ns?: number;
            error_message?: string;
            error_stack?: string;
            error_type?: string;
            metadata?: {
                [key: string]: unknown;
            };
            /** @description `success` (default) or `failure`. */
            outcome?: string;
            request_status?: number;
        };
        /** @description To the HTTP port. */
        Connections: {
            max: number;
            open: number;
        };
        /** @description Rows by table. */
        CountsCheck: {
            message: string;
            status: string;
            tables: {
                [key: string]: unknown;
            };
            total: number;
        };
        /** @description A case to be opened. */
        CreateCaseRequest: {
            /** @description At most 10,000 characters. */
            description?: string;
            /** @description At most 200 characters. */
            name: string;
            /** @description Why, for the trail. */
            reason?: string;
        };
        /** @description The key and, once, its secret. */
        CreateKeyAnswer: {
            key: components["schemas"]["KeyView"];
            secret: string;
        };
        /** @description A new key. */
        CreateKeyRequest: {
            /** @description RFC 3339. */
            expires_at?: string;
            /** @description `ingest` or `api`. */
            kind: string;
            name: string;
            /** @description Of an ingest key exactly one. */
            projects?: string[];
            reason?: string;
            /** @description Of an API key. */
            scopes?: string[];
        };
        /** @description A new project. */
        CreateProjectRequest: {
            name?: string;
            reason?: string;
            /** @description 1 to 63 of a-z, 0-9 and -; never changes. */
            slug: string;
        };
        /** @description A view to be kept. */
        CreateSavedViewRequest: {
            /** @description At most 200 characters. */
            name: string;
            /** @description `activity`, `audit`, `logs` or `timeline`. */
            page: string;
            /** @description As it stands in the link; a question mark in front is dropped. At most 8,192 bytes. */
            query: string;
            /** @description Why, for the trail. */
            reason?: string;
            /** @description `false` if left out. */
            shared?: boolean;
        };
        /** @description The user, and the password if it was made up. */
        CreateUserAnswer: {
            password?: string;
            user: components["schemas"]["UserView"];
        };
        /** @description A new user. */
        CreateUserRequest: {
            email: string;
            name?: string;
            /** @description Made up if left out. */
            password?: string;
            /** @description Why, for the trail. */
            reason?: string;
            role: string;
        };
        /** @description Whether store and control plane answer and are whole. */
        DatabaseCheck: {
            message: string;
            /** @description Milliseconds. */
            responseTime: number;
            status: string;
        };
        /** @description A release went out. */
        Deploy: {
            dateFinished: string;
            environment: string;
            id: string;
        };
        /** @description A release goes out. */
        DeployRequest: {
            /** @description RFC 3339; now if left out. */
            dateFinished?: string;
            /** @description RFC 3339. */
            dateStarted?: string;
            environment: string;
            name?: string;
            url?: string;
        };
        /** @description One check and its time. */
        DetailedCheck: {
            /** @description When this process last found it healthy; absent if it never did. */
            last_success_at?: string;
            message: string;
            name: string;
            /** @description The store answers all its checks at once, and each of them shows that time. */
            response_time_ms: number;
            status: string;
            /** @description For whoever looks after the server; absent while it is healthy. */
            what_to_do?: string;
        };
        /** @description All checks, and what the process uses. */
        DetailedHealth: {
            checks: components["schemas"]["DetailedCheck"][];
            connections: components["schemas"]["Connections"];
            memory: components["schemas"]["MemoryUse"];
            requests: components["schemas"]["RequestRate"];
            /** @description The worst of the checks. */
            status: string;
            uptime_seconds: number;
            version: string;
        };
        /** @description Every error answer. */
        Error: {
            error: components["schemas"]["ErrorDetail"];
        };
        /** @description What went wrong. */
        ErrorDetail: {
            /** @description The field or parameter at fault. */
            field?: string;
            /** @description What to do next. */
            hint?: string;
            /** @description `invalid`, `unauthenticated`, `forbidden`, `not_found`, `conflict`, `too_large`, `unsupported`, `exhausted`, `timeout`, `unavailable`, `corrupt`, `internal`. */
            kind: string;
            /** @description The name of the limit that was reached. */
            limit?: string;
            /** @description What happened. */
            message: string;
        };
        /** @description One error. */
        ErrorEventAnswer: {
            /** @description Every column that has a value. */
            event: {
                [key: string]: unknown;
            };
            /** @description Type and value in one line. */
            sentence: string;
        };
        /** @description Errors among the log lines, error events and audit entries that applications sent in the last hour. */
        ErrorRateCheck: {
            /** @description FATAL and CRITICAL. */
            critical: number;
            /** @description ERROR and above. */
            errors: number;
            message: string;
            /** @description Per cent. */
            rate: number;
            status: string;
            /** @description 5: `degraded` above it. */
            threshold: number;
            total: number;
        };
        /** @description Tags of errors. */
        ErrorTagsAnswer: {
            /** @description Events whose tags were counted. */
            events: number;
            /** @description There are more events than were counted: the newest. */
            sampled: boolean;
            statistics: components["schemas"]["Statistics"];
            /** @description Most frequent first, 100 at most. */
            tags: components["schemas"]["TagValues"][];
        };
        /** @description Most frequent values of a column. */
        Facet: {
            column: string;
            values: components["schemas"]["FacetValue"][];
        };
        /** @description One value. */
        FacetValue: {
            count: number;
            value: unknown;
        };
        /** @description What is switched on. */
        Features: {
            audit_logging: boolean;
            session_tracking: boolean;
        };
        /** @description One column or attribute. */
        FieldCount: {
            /** @description `text`, `json`, `time`, `integer`, `float`, `boolean`, `uuid`, `hex` or `changes`. */
            kind: string;
            name: string;
            /** @description Rows that have a value. */
            rows: number;
            /** @description Of the rows that were counted, 0 to 1. */
            share: number;
        };
        /** @description Which fields the rows of a filter have. */
        FieldsAnswer: {
            /** @description Those that some row has, most frequent first. */
            fields: components["schemas"]["FieldCount"][];
            /** @description Rows that were counted. */
            rows: number;
            /** @description There are more rows than were counted: the newest. */
            sampled: boolean;
            statistics: components["schemas"]["Statistics"];
        };
        /** @description Why the newest event is in its issue. */
        GroupingExplained: {
            /** @description The version of grouping. */
            algorithm: string;
            /** @description A sentence, then one line per part; `+` counts, `-` does not and says why. */
            explanation: string;
            /** @description 64 hexadecimal digits. */
            fingerprint: string;
        };
        /** @description All checks. */
        Health: {
            checks: components["schemas"]["Check"][];
            /** @description `healthy`, `degraded`, `unhealthy`: the worst of the checks. */
            status: string;
            uptime_seconds: number;
            version: string;
        };
        /** @description Counts over time. */
        Histogram: {
            bucket_seconds: number;
            buckets: components["schemas"]["Bucket"][];
            by: string;
            total: number;
        };
        /** @description The end of a stored piece. */
        ImportPosition: {
            /** @description Number of its last line. */
            line: number;
            /** @description Hash of the file up to there. */
            upto: string;
        };
        /** @description How far a file is imported. */
        ImportState: {
            /** @description Those furthest in first. */
            positions: components["schemas"]["ImportPosition"][];
        };
        /** @description What came by one protocol. */
        IngestCount: {
            bytes: number;
            protocol: string;
            rejected: number;
            /** @description That failed as a whole. */
            requests_failed: number;
            rows: number;
        };
        /** @description A minute of the clock, to the 5 seconds in which the counters are read. */
        IngestMinute: {
            at: string;
            /** @description Those by which something came in it. */
            protocols: components["schemas"]["IngestCount"][];
            /** @description How long it was counted: less for the one that runs, more where counting stood still. */
            seconds: number;
        };
        /** @description One protocol. */
        IngestRate: {
            /** @description As they came over the wire. */
            bytes_per_second: number;
            /** @description `audit`, `logs`, `loki`, `otlp`, `elasticsearch`, `syslog` or `sentry`. */
            protocol: string;
            /** @description Rows that were refused one by one, and dropped messages of syslog. */
            rejected_per_second: number;
            /** @description Rows that were taken. */
            rows_per_second: number;
            /** @description Since the start. */
            total: components["schemas"]["IngestCount"];
        };
        /** @description How fast rows come in, of all projects together, since the process began to serve. */
        IngestRates: {
            /** @description The server's time. */
            at: string;
            /** @description Of the last hour, oldest first; the last one runs. */
            minutes: components["schemas"]["IngestMinute"][];
            /** @description Those by which something came. */
            protocols: components["schemas"]["IngestRate"][];
            /** @description Most frequent first. */
            rejects: components["schemas"]["IngestReject"][];
            /** @description Since when is counted: the start of the process. */
            since: string;
            /** @description What `…_per_second` is the average of: the last minute, or less after the start. */
            window_seconds: number;
        };
        /** @description How often something was refused for one reason. */
        IngestReject: {
            /** @description Of rows the code of their rejection, of whole requests the kind of failure after `request_`, and `dropped` for messages of syslog that found no room. */
            code: string;
            last_hour: number;
            last_minute: number;
            protocol: string;
            /** @description Since the start. */
            total: number;
        };
        /** @description One issue. */
        IssueAnswer: {
            bucket_seconds: number;
            from: string;
            grouping: components["schemas"]["GroupingExplained"];
            issue: components["schemas"]["IssueSummary"];
            /** @description The newest event of the range, with every column that has a value. */
            latest: {
                [key: string]: unknown;
            };
            statistics: components["schemas"]["Statistics"];
            /** @description Events whose tags were counted: the newest 10,000 of the range at most. */
            tagged_events: number;
            /** @description Most frequent first. */
            tags: components["schemas"]["TagValues"][];
            to: string;
        };
        /** @description A user of Whodunit. */
        IssueAssignee: {
            email: string;
            id: string;
            name: string;
        };
        /** @description Users to whom issues may be assigned. */
        IssueAssigneeList: {
            /** @description By e-mail address. */
            users: components["schemas"]["IssueAssignee"][];
        };
        /** @description One change of an issue. */
        IssueChangeView: {
            /** @description The word of the trail. */
            action: string;
            after: components["schemas"]["IssueStandingView"];
            before: components["schemas"]["IssueStandingView"];
            /** @description To take it back; shared by all issues that one act changed. */
            change: string;
            changed_at: string;
            /** @description `system/issues` is Whodunit itself. */
            changed_by: string;
            /** @description The issue, or one that was merged into it. */
            issue: string;
            reason?: string;
            /** @description The change that this one took back. */
            undoes?: string;
            /** @description That it made. */
            version: number;
        };
        /** @description Comments on an issue. */
        IssueCommentList: {
            /** @description Oldest first. */
            comments: components["schemas"]["IssueCommentView"][];
        };
        /** @description A comment. */
        IssueCommentRequest: {
            /** @description Up to 10,000 characters. */
            body: string;
        };
        /** @description What somebody said about an issue. */
        IssueCommentView: {
            added_at: string;
            added_by: string;
            /** @description May have several lines. */
            body: string;
            changed_at?: string;
            changed_by?: string;
            id: string;
        };
        /** @description What users said of an issue. */
        IssueFeedbackAnswer: {
            /** @description Newest first, with every column that has a value. */
            feedback: {
                [key: string]: unknown;
            }[];
            /** @description There is more than is told: the newest 100. */
            more: boolean;
        };
        /** @description The changes of an issue. */
        IssueHistory: {
            /** @description Newest first. */
            changes: components["schemas"]["IssueChangeView"][];
        };
        /** @description Several issues. */
        IssueIdsRequest: {
            /** @description 1 to 1,000. */
            ids: string[];
            /** @description For the trail. */
            reason?: string;
        };
        /** @description Errors over time, by one thing that they say. */
        IssueSeries: {
            /** @description The page is the transaction, else the path of the request. */
            by: string;
            /** @description The ten most frequent ones, and the others together. */
            values: components["schemas"]["IssueSeriesValue"][];
        };
        /** @description One value of a series. */
        IssueSeriesValue: {
            /** @description Events over time, the empty buckets included. */
            buckets: number[];
            events: number;
            /** @description These are all other values together. */
            others: boolean;
            /** @description Absent for errors that do not say, and for the others together. */
            value?: string;
        };
        /** @description How an issue stood. */
        IssueStandingView: {
            assignee?: components["schemas"]["IssueAssignee"];
            deleted_at?: string;
            merged_into?: string;
            state: components["schemas"]["IssueState"];
        };
        /** @description What people, and time, made of an issue. */
        IssueState: {
            /** @description Ignored: the events or users after which it comes back. */
            count?: number;
            /** @description Likewise, how many there were. */
            counted?: number;
            /** @description `unresolved`, `resolved`, `ignored` or `regressed`. */
            name: string;
            /** @description Resolved: that the terms speak of. Regressed: of the event. */
            release?: string;
            since?: string;
            /** @description Resolved: `now`, `in_release` or `next_release`. Ignored: `forever`, `time`, `events` or `users`. */
            terms?: string;
            /** @description Ignored: the time at which it comes back. */
            until?: string;
        };
        /** @description Errors of a range, for charts. */
        IssueStatisticsAnswer: {
            /** @description Width of the buckets; the first begins at or before `from`. */
            bucket_seconds: number;
            events: number;
            /** @description The range that everything is counted in. */
            from: string;
            issues: number;
            /** @description By `level`, `type`, `release`, `environment` and `page`. */
            series: components["schemas"]["IssueSeries"][];
            statistics: components["schemas"]["Statistics"];
            /** @description Not in it. */
            to: string;
            /** @description The ten who had the most errors. */
            top_users: components["schemas"]["AffectedUser"][];
            /** @description Different ones: by id, else e-mail address, else IP address. */
            users: number;
        };
        /** @description One issue, as far as its events of the range tell. */
        IssueSummary: {
            assignee?: components["schemas"]["IssueAssignee"];
            /** @description Of the whole issue, whatever the range: when its first event happened. */
            begun_at: string;
            /** @description Events over time, the empty buckets included. */
            buckets: number[];
            /** @description Where it broke. */
            culprit?: string;
            environments: string[];
            events: number;
            /** @description Likewise, the first release that events named. */
            first_release?: string;
            /** @description In the range; there may be older events before it. */
            first_seen: string;
            id: string;
            last_seen: string;
            level?: string;
            /** @description Issues that were merged into it. */
            merged?: string[];
            /** @description It began within the last 24 hours. */
            new: boolean;
            platform?: string;
            /** @description Those that events name. */
            releases: string[];
            state: components["schemas"]["IssueState"];
            /** @description Of the newest event, as are type, culprit, level and platform. */
            title: string;
            type?: string;
            /** @description Different ones: by id, else e-mail address, else IP address. */
            users: number;
            /** @description Each change of the issue counts it on; 0 while nobody has acted on it. */
            version: number;
        };
        /** @description An issue without its events. */
        IssueView: {
            assignee?: components["schemas"]["IssueAssignee"];
            /** @description Events received until then are hidden. */
            deleted_at?: string;
            id: string;
            /** @description The issue that its events count for. */
            merged_into?: string;
            project: string;
            state: components["schemas"]["IssueState"];
            updated_at: string;
            updated_by: string;
            /** @description Each change counts it on. */
            version: number;
        };
        /** @description Issues of a range. */
        IssuesAnswer: {
            /** @description Width of the buckets; the first begins at or before `from`. */
            bucket_seconds: number;
            /** @description The range that everything is counted in. */
            from: string;
            /** @description In the order that was asked for. */
            issues: components["schemas"]["IssueSummary"][];
            /** @description There are more than `limit`. */
            more: boolean;
            statistics: components["schemas"]["Statistics"];
            /** @description Not in it. */
            to: string;
        };
        /** @description Why the row is here. */
        JoinKey: {
            /** @description `asked`, `request`, `guess`. */
            certainty: string;
            key: string;
            value?: string;
        };
        /** @description All keys. */
        KeyList: {
            keys: components["schemas"]["KeyView"][];
        };
        /** @description A key without its secret. */
        KeyView: {
            created_at: string;
            created_by: string;
            expires_at?: string;
            /** @description Last four characters. */
            hint: string;
            id: string;
            /** @description `ingest` or `api`. */
            kind: string;
            last_used_at?: string;
            name: string;
            /** @description Absent: all. */
            projects?: string[];
            public_id?: string;
            revoked_at?: string;
            /** @description `ingest`, `read_telemetry`, `read_audit`, `administer`. */
            scopes: string[];
        };
        /** @description One line that was not taken. */
        LineRejection: {
            field: string;
            /** @description From 1. */
            line: number;
            reason: string;
        };
        /** @description One page. */
        ListAnswer: {
            facets?: components["schemas"]["Facet"][];
            histogram?: components["schemas"]["Histogram"];
            /** @description `cursor` of the next page. */
            next?: string;
            /** @description Newest first, null members left out. */
            rows: {
                [key: string]: unknown;
            }[];
            statistics: components["schemas"]["Statistics"];
        };
        /** @description One object per line (NDJSON) or an array of objects. Time, level, message and context fields are recognised by their usual names; all others become attributes. */
        LogLines: {
            [key: string]: unknown;
        };
        /** @description What became of the lines. */
        LogsAnswer: {
            accepted: number;
            /** @description No line was accepted (400), or not all could be stored (429, 503). The status is then the error's. */
            error?: components["schemas"]["ErrorDetail"];
            /** @description Values of the accepted lines in whose place `[Filtered]` stands. */
            filtered: number;
            rejected: number;
            /** @description The first 100. */
            rejections: components["schemas"]["LineRejection"][];
            /** @description Only beside `error`, when some lines were stored: those before this one are done with, send again from it on. From 1. */
            resume_at_line?: number;
        };
        /** @description Who the caller is. */
        MeAnswer: {
            /** @description Of a session: send as `X-CSRF-Token` with every change. */
            csrf?: string;
            email?: string;
            features: components["schemas"]["Features"];
            id: string;
            /** @description `user` or `key`. */
            kind: string;
            name: string;
            /** @description `ingest`, `read_telemetry`, `read_audit`, `own_account`, `edit`, `administer`, `manage_users`. */
            permissions: string[];
            /** @description Absent: all. */
            projects?: string[];
            /** @description Projects that the caller reaches, without archived ones. */
            reachable: components["schemas"]["ProjectView"][];
            role?: string;
            scopes?: string[];
            /** @description Nobody owns the server yet. */
            setup_needed: boolean;
            /** @description Of the server. */
            version: string;
        };
        /** @description Bytes. */
        MemoryUse: {
            limit_bytes: number;
            peak_bytes: number;
            /** @description Of the whole process. */
            resident_bytes: number;
            /** @description Reserved from the memory limit. */
            used_bytes: number;
        };
        /** @description Issues to be merged into another one. */
        MergeIssuesRequest: {
            /** @description 1 to 1,000. */
            ids: string[];
            into: string;
            /** @description For the trail. */
            reason?: string;
        };
        /** @description A segment that is not in a backup. */
        MissingSegment: {
            /** @description Its file in the data directory. */
            path: string;
            what: string;
        };
        /** @description A job in an environment, as its check-ins tell. */
        MonitorView: {
            /** @description As the client sent it. */
            config?: {
                [key: string]: unknown;
            };
            environment: string;
            last_check_in: string;
            /** @description `in_progress`, `ok` or `error`. */
            last_status: string;
            monitor: string;
            next_due?: string;
            project: string;
            /** @description `ok`; `failing`: so many bad runs in a row as make it an issue; `unscheduled`: no check-in has said when it is due. */
            state: string;
        };
        /** @description Scheduled jobs. */
        MonitorsAnswer: {
            /** @description In order of their projects and names. */
            monitors: components["schemas"]["MonitorView"][];
        };
        /** @description How long the newest audit entry takes to find. */
        PerformanceCheck: {
            message: string;
            /** @description Milliseconds. */
            responseTime: number;
            status: string;
            /** @description 1,000: `degraded` above it. */
            threshold: number;
        };
        /** @description Yes or no. */
        Probe: {
            ok: boolean;
            reason?: string;
        };
        /** @description Projects. */
        ProjectList: {
            projects: components["schemas"]["ProjectView"][];
        };
        /** @description An application that sends data. */
        ProjectView: {
            archived_at?: string;
            created_at: string;
            name: string;
            number: number;
            slug: string;
        };
        /** @description Why; the body may be empty. */
        ReasonRequest: {
            reason?: string;
        };
        /** @description The entry is on disk as this leaf. */
        Receipt: {
            /** @description Values of this entry in whose place `[Filtered]` stands; 0 for one that was known already. */
            filtered: number;
            /** @description UUIDv7. */
            id: string;
            /** @description Position in the request, from 0. */
            index: number;
            /** @description 64 hexadecimal digits. */
            leaf_hash: string;
            /** @description Gapless per project and writer. */
            leaf_index: number;
            project: string;
            /** @description RFC 3339. */
            received_at: string;
            /** @description This is the first receipt of an entry sent before. */
            repeated: boolean;
            /** @description Whose ledger holds the leaf. */
            writer: string;
        };
        /** @description One value of a row. */
        RecordFiltered: {
            column: string;
            /** @description Of an audit entry. */
            id?: string;
            /** @description The value as it would be stored, cut to 200 bytes. */
            preview: string;
            rules: components["schemas"]["RuleCount"][];
            table: string;
            time: string;
        };
        /** @description All rules of the project. */
        RedactionChange: {
            /** @description Why, for the trail. */
            reason?: string;
            /** @description An empty list leaves the standard rules. */
            rules: components["schemas"]["RedactionRule"][];
            /** @description Refuse with `conflict` unless this is the version in force. */
            version?: number;
        };
        /** @description One rule of a project's own. */
        RedactionRule: {
            /** @description `filter` (default), or `keep` for a key that the standard rules leave alone. */
            action?: string;
            /** @description `key` or `value`. */
            kind: string;
            /** @description Under which it is counted: a-z, 0-9 and `_`. */
            name: string;
            /** @description A glob (`*`, `?`) for a key, a regular expression for a value. */
            pattern: string;
        };
        /** @description What to try. */
        RedactionTest: {
            /** @description Those in force if left out. */
            rules?: components["schemas"]["RedactionRule"][];
            /** @description A text, or any other JSON. */
            sample?: unknown;
        };
        /** @description What would be filtered; no secret is in it. */
        RedactionTestAnswer: {
            /** @description Values of the newest rows. */
            records: components["schemas"]["RecordFiltered"][];
            /** @description How many rows were looked at. */
            rows: number;
            sample?: components["schemas"]["SampleFiltered"];
        };
        /** @description A project's rules. */
        RedactionView: {
            project: string;
            rules: components["schemas"]["RedactionRule"][];
            /** @description Names of the rules that always count. */
            standard: string[];
            /** @description Of the setting `redaction`, which holds the rules of all projects. */
            version: number;
        };
        /** @description One entry that was not taken. */
        Rejection: {
            /** @description `missing`, `invalid`, `too_large`, `out_of_range`, `not_json`, `not_utf8`, `conflict`. */
            code: string;
            /** @description Empty: the entry as a whole. */
            field: string;
            /** @description Position in the request, from 0. */
            index: number;
            reason: string;
        };
        /** @description A release. */
        Release: {
            dateCreated: string;
            /** @description Null while it is not out. */
            dateReleased: string;
            deploys: components["schemas"]["Deploy"][];
            version: string;
        };
        /** @description A release went out. */
        ReleaseDeploy: {
            finished_at?: string;
            name?: string;
            started_at?: string;
            url?: string;
        };
        /** @description A file of a release, as Sentry's command line knows it. */
        ReleaseFile: {
            dateCreated: string;
            /** @description Null if it is for all. */
            dist: string;
            /** @description As they were sent with it. */
            headers: {
                [key: string]: unknown;
            };
            id: string;
            name: string;
            sha1: string;
            /** @description In bytes. */
            size: number;
        };
        /** @description One release in one environment. */
        ReleaseHealth: {
            /** @description Ended without saying how. */
            abnormal: number;
            /** @description Share of its sessions in all of its environment, 0 to 1; absent without any. */
            adoption?: number;
            /** @description Share of sessions that did not crash, 0 to 1; absent without any. */
            crash_free_sessions?: number;
            /** @description Share of these users who met no crash, 0 to 1; absent without any. */
            crash_free_users?: number;
            /** @description Ended in a crash. */
            crashed: number;
            /** @description To this environment, the newest first, whatever the range. */
            deploys?: components["schemas"]["ReleaseDeploy"][];
            environment?: string;
            /** @description Had errors and did not end in a crash. */
            errored: number;
            errors: number;
            /** @description Of its first session or error in the range; absent of one that was only named. */
            first_seen?: string;
            /** @description That these errors are of. */
            issues: number;
            /** @description Of its last one. */
            last_seen?: string;
            /** @description When it was named by a command line, whatever the range. */
            named_at?: string;
            /** @description That began in the range and whose first event names the release, whatever its environment. */
            new_issues: number;
            release: string;
            sessions: number;
            /** @description Different ones, as far as sessions name them. */
            users: number;
        };
        /** @description The health of releases. */
        ReleaseHealthAnswer: {
            /** @description Width of the buckets; the first begins at or before `from`. */
            bucket_seconds: number;
            /** @description Share of all sessions that did not crash, 0 to 1; absent without any. */
            crash_free_sessions?: number;
            crashed: number;
            /** @description The range in which the sessions began. */
            from: string;
            /** @description There are more than are named. */
            more: boolean;
            /** @description Sessions over time, the empty buckets included. */
            over_time: components["schemas"]["SessionBucket"][];
            /** @description The one that was heard from last comes first. */
            releases: components["schemas"]["ReleaseHealth"][];
            /** @description Of all releases of the filter, named or not. */
            sessions: number;
            statistics: components["schemas"]["Statistics"];
            /** @description Not in it. */
            to: string;
        };
        /** @description A release. */
        ReleaseRequest: {
            /** @description RFC 3339. */
            dateReleased?: string;
            projects?: string[];
            url?: string;
            /** @description Needed where the path has none. */
            version?: string;
        };
        /** @description Answered requests. */
        RequestRate: {
            /** @description In the last 60 whole seconds. */
            last_minute: number;
            per_second: number;
            /** @description Since the start. */
            total: number;
        };
        /** @description The new password. */
        ResetPasswordAnswer: {
            password: string;
        };
        /** @description All rules. */
        RetentionChange: {
            reason?: string;
            value: components["schemas"]["RetentionRule"][];
            version?: number;
        };
        /** @description What would go of one table of one project. */
        RetentionDrop: {
            bytes: number;
            /** @description Of the newest. */
            newest: string;
            /** @description Time of the oldest row that would go. */
            oldest: string;
            project: string;
            rows: number;
            /** @description Rows that would stay in segments. */
            rows_kept: number;
            segments: number;
            table: string;
        };
        /** @description What would go now if the rules were in force. */
        RetentionPreview: {
            /** @description The moment that ages are counted from. */
            at: string;
            bytes: number;
            /** @description Per table and project of which something would go. */
            drops: components["schemas"]["RetentionDrop"][];
            rows: number;
            segments: number;
        };
        /** @description Rules to try. */
        RetentionPreviewRequest: {
            /** @description As in the setting. */
            value: components["schemas"]["RetentionRule"][];
        };
        /** @description How long rows stay. */
        RetentionRule: {
            /** @description Absent: no bound. */
            bytes?: number;
            /** @description Absent: for ever. */
            days?: number;
            /** @description Absent: all. */
            project?: string;
            /** @description Absent: all. */
            table?: string;
        };
        /** @description Which version to make the newest. */
        RevertSettingRequest: {
            reason?: string;
            /** @description 0 is the default. */
            version: number;
        };
        /** @description How often a rule filtered. */
        RuleCount: {
            count: number;
            rule: string;
        };
        /** @description The sample as it would be stored. */
        SampleFiltered: {
            filtered: unknown;
            rules: components["schemas"]["RuleCount"][];
        };
        /** @description A page that somebody comes back to, with the query of its link. */
        SavedView: {
            created_at: string;
            id: string;
            /** @description The caller is its owner. */
            mine: boolean;
            name: string;
            /** @description E-mail address of the one who saved it. */
            owner: string;
            /** @description `activity`, `audit`, `logs` or `timeline`. */
            page: string;
            project: string;
            /** @description The part of a link after the question mark. */
            query: string;
            /** @description Seen by everybody who reaches the project; by its owner alone otherwise. */
            shared: boolean;
            updated_at: string;
            /** @description Who changed it last. */
            updated_by: string;
            /** @description From 1; each change counts it on. */
            version: number;
        };
        /** @description Saved views. */
        SavedViewList: {
            /** @description By page and name. */
            views: components["schemas"]["SavedView"][];
        };
        /** @description What an answer of no rows had looked at, as far as the caller may see it. */
        Searched: {
            /** @description Start of the range; absent if it is open. */
            from?: string;
            /** @description Who fills these tables: at most 20, last heard first. */
            sources?: components["schemas"]["SearchedSource"][];
            tables: components["schemas"]["SearchedTable"][];
            /** @description Its end, not included. */
            to?: string;
        };
        /** @description One source that was heard from. */
        SearchedSource: {
            first_heard_at: string;
            last_heard_at: string;
            project: string;
            protocol: string;
            sender: string;
            /** @description At most 10, most rows first. */
            services?: string[];
        };
        /** @description One table that was looked at. */
        SearchedTable: {
            newest?: string;
            /** @description Time of the oldest row. */
            oldest?: string;
            /** @description That the caller may see, whatever their time; an entry in two steps is two of them. */
            rows: number;
            /** @description Of the files and buffers that reach into the range; the others were passed over unread. */
            rows_in_reach: number;
            table: string;
        };
        /** @description What an envelope is answered with. */
        SentryAnswer: {
            /** @description The event's id, 32 hexadecimal digits; absent if there was no event. */
            id?: string;
        };
        /** @description The sessions of all releases that began in one stretch of time. */
        SessionBucket: {
            crashed: number;
            sessions: number;
            /** @description Its start. */
            time: string;
        };
        /** @description Sessions of one user. */
        SessionList: {
            sessions: components["schemas"]["SessionView"][];
        };
        /** @description One session. */
        SessionView: {
            created_at: string;
            /** @description The one that asks. */
            current: boolean;
            expires_at: string;
            id: string;
            ip?: string;
            last_seen_at: string;
            user_agent?: string;
        };
        /** @description A state to be set. */
        SetIssueState: {
            /** @description With `events` or `users`. */
            count?: number;
            /** @description `unresolved`, `resolved` or `ignored`. */
            name: string;
            /** @description With `in_release`; the newest one that is known if left out. */
            release?: string;
            /** @description As in the state; `now` or `forever` if left out. */
            terms?: string;
            /** @description With `time`: RFC 3339. */
            until?: string;
        };
        /** @description The first owner. */
        SetUpRequest: {
            email: string;
            name?: string;
            /** @description At least 12 characters. */
            password: string;
            /** @description From the printed link. */
            token: string;
        };
        /** @description Newest first. */
        SettingHistory: {
            name: string;
            versions: components["schemas"]["SettingVersionView"][];
        };
        /** @description Settings in force. */
        SettingList: {
            settings: components["schemas"]["SettingView"][];
        };
        /** @description One change. */
        SettingVersionView: {
            after: unknown;
            before: unknown;
            changed_at: string;
            changed_by: string;
            reason?: string;
            source: string;
            version: number;
        };
        /** @description One setting. */
        SettingView: {
            changed_at?: string;
            changed_by?: string;
            default: unknown;
            description: string;
            name: string;
            value: unknown;
            /** @description 0 while never changed. */
            version: number;
        };
        /** @description Signed in; the session travels in a cookie. */
        SignInAnswer: {
            /** @description Send as `X-CSRF-Token`. */
            csrf: string;
            expires_at: string;
            user: components["schemas"]["UserView"];
        };
        /** @description Who signs in. */
        SignInRequest: {
            email: string;
            password: string;
        };
        /** @description An issue like another one, and why: the newest events of both are compared. */
        SimilarIssue: {
            /** @description Different frames of the application in both stacks together. */
            frames: number;
            issue: components["schemas"]["IssueSummary"];
            same_culprit: boolean;
            same_type: boolean;
            /** @description Frames of the application that both stacks have. */
            shared_frames: number;
        };
        /** @description Issues like another one. */
        SimilarIssuesAnswer: {
            /** @description Issues that were compared: of those with the same type, and of those with the same culprit, the newest 50. */
            compared: number;
            /** @description The range that everything is counted in. */
            from: string;
            /** @description The most alike first, ten at most. */
            issues: components["schemas"]["SimilarIssue"][];
            /** @description Not in it. */
            to: string;
        };
        /** @description Who sends what, last heard first. */
        SourceList: {
            /** @description The server's time. */
            now: string;
            sources: components["schemas"]["SourceView"][];
        };
        /** @description What was uploaded at once. */
        SourceMapBundle: {
            /** @description Size of its file. */
            bytes: number;
            /** @description SHA-1 of the bundle. */
            id: string;
            /** @description By which it is found, beside the debug ids of its scripts. */
            releases: components["schemas"]["BundleRelease"][];
            /** @description URLs of scripts that have a map; `~` stands for scheme and host. */
            scripts: string[];
            /** @description The last time, if it was uploaded several times. */
            uploaded_at: string;
            uploaded_by: string;
        };
        /** @description A file of a release. */
        SourceMapFile: {
            bytes: number;
            /** @description Null if it is for all. */
            dist: string;
            id: string;
            /** @description Its URL; `~` stands for scheme and host. */
            name: string;
            release: string;
            uploaded_at: string;
            uploaded_by: string;
        };
        /** @description What was uploaded for a project. */
        SourceMapsAnswer: {
            bundles: components["schemas"]["SourceMapBundle"][];
            /** @description Files that came one by one: the newest 1,000. */
            files: components["schemas"]["SourceMapFile"][];
            /** @description There are more than are told. */
            more_files: boolean;
        };
        /** @description How often something was refused for one reason. */
        SourceReason: {
            /** @description Of rows the code of their rejection; of whole requests the kind after `request_`. */
            code: string;
            count: number;
        };
        /** @description The last thing that was refused. */
        SourceRejection: {
            at: string;
            code: string;
            /** @description What it quotes from the request is left out. */
            reason: string;
        };
        /** @description Rows of one service within a source. */
        SourceService: {
            rows: number;
            service: string;
        };
        /** @description One sender with one program over one protocol into one project. */
        SourceView: {
            /** @description As they came over the wire. */
            bytes: number;
            /** @description The program that sends, as it calls itself; empty if it does not. */
            client: string;
            first_heard_at: string;
            last_heard_at: string;
            last_rejection?: components["schemas"]["SourceRejection"];
            project: string;
            /** @description `audit`, `logs`, `loki`, `otlp`, `elasticsearch`, `syslog` or `sentry`. */
            protocol: string;
            /** @description Most frequent first. */
            reasons: components["schemas"]["SourceReason"][];
            /** @description Rows that were refused one by one. */
            rejected: number;
            /** @description Of syslog messages. */
            requests: number;
            /** @description That failed as a whole. */
            requests_failed: number;
            /** @description That are stored. */
            rows: number;
            /** @description Of those the ones since midnight UTC. */
            rows_today: number;
            /** @description Name of the key, e-mail address of the user, or the address that it came from. */
            sender: string;
            sender_id: string;
            /** @description `key`, `user`, `address` (syslog), `system`, or `other` for all past the limit. */
            sender_type: string;
            /** @description Most rows first; rows that name no service are in none. */
            services: components["schemas"]["SourceService"][];
        };
        /** @description Rows as arrays beside their columns. */
        SqlAnswer: {
            columns: components["schemas"]["AnswerColumn"][];
            rows: unknown[][];
            statistics: components["schemas"]["Statistics"];
        };
        /** @description A question in SQL. */
        SqlRequest: {
            /** @description `json` (default), `ndjson`, `csv`, `arrow`. */
            format?: string;
            /** @description One statement. */
            query: string;
            /** @description Rows after which the answer is cut and marked `partial`. */
            rows_max?: number;
            /** @description Milliseconds after which the query ends. */
            timeout_ms?: number;
        };
        /** @description What the answer cost and whether it is whole. */
        Statistics: {
            elapsed_ms: number;
            limit?: string;
            /** @description A limit cut the answer. */
            partial: boolean;
            rows: number;
            /** @description Of an answer without rows: where they were looked for. */
            searched?: components["schemas"]["Searched"];
            tables: string[];
        };
        /** @description What the store holds, how fast that grows, and how long the disk lasts. */
        StorageAnswer: {
            /** @description The server's time. */
            at: string;
            /** @description Rows that are in no segment yet, of all projects. */
            buffered: components["schemas"]["BufferedRows"][];
            bytes: number;
            /** @description Whole days until the data directory's disk is down to its reserve; absent where that cannot be said. */
            days_left?: number;
            /** @description How `days_left` came about, or why it is absent. */
            days_left_because: string;
            /** @description `played_forward`, or why `days_left` is absent: `beyond` (more than 1,000 days), `no_whole_day` (of any table yet), `in_a_bucket`. */
            days_left_code: string;
            /** @description The data directory's first. */
            disks: components["schemas"]["StorageDisk"][];
            /** @description By table and project. */
            growth: components["schemas"]["StorageGrowth"][];
            /** @description The sum of those that are known; absent while none is. */
            growth_bytes_per_day?: number;
            /** @description By table, project and tier. */
            parts: components["schemas"]["StoragePart"][];
            rows: number;
            /** @description Of all parts. */
            segments: number;
            /** @description What was uploaded, by project: source maps, releases and deploys. */
            uploads: components["schemas"]["StorageUploads"][];
            /** @description Of the write-ahead log. */
            wal_bytes: number;
        };
        /** @description A disk that segments lie on. */
        StorageDisk: {
            free_bytes: number;
            /** @description `data`, or the name of a place for cold segments. */
            place: string;
            /** @description Kept free: below it new telemetry is refused, or the oldest dropped. */
            reserve_bytes: number;
            total_bytes: number;
        };
        /** @description What a table of a project grows by. */
        StorageGrowth: {
            /** @description Bytes of segments whose rows happened on a day, on the average of the last whole UTC days; absent while there is none. */
            bytes_per_day?: number;
            /** @description Whole days that it was read from, at most 7. */
            days: number;
            project: string;
            table: string;
        };
        /** @description Segments of one table, project and tier. */
        StoragePart: {
            bytes: number;
            /** @description Of the newest. */
            newest: string;
            /** @description Time of the oldest row. */
            oldest: string;
            project: string;
            rows: number;
            segments: number;
            table: string;
            /** @description `hot`, `warm` or `cold`. */
            tier: string;
        };
        /** @description What was uploaded for a project, in the data directory beside segments. */
        StorageUploads: {
            bytes: number;
            files: number;
            project: string;
        };
        /** @description A question that would be understood. */
        Suggestion: {
            kind: string;
            question: string;
        };
        /** @description Newest rows, or counts. */
        SystemAuditLogs: {
            /** @description Of `rows`. */
            count?: number;
            limit?: number;
            /** @description Newest first, null members left out. */
            rows?: {
                [key: string]: unknown;
            }[];
            statistics?: components["schemas"]["Statistics"];
            /** @description `total`, `last_24h`, `failures`, `errors`, `oldest`, `newest`, and the ten most frequent of `by_action`, `by_category`, `by_severity`, `by_outcome`, `by_actor`. */
            stats?: {
                [key: string]: unknown;
            };
            timestamp: string;
            /** @description As asked. */
            type: string;
        };
        /** @description Each with a status of its own. */
        SystemChecks: {
            database: components["schemas"]["DatabaseCheck"];
            databasePerformance: components["schemas"]["PerformanceCheck"];
            errorRate: components["schemas"]["ErrorRateCheck"];
            /** @description Rows of applications in the last 24 hours. */
            recentActivity: components["schemas"]["CountsCheck"];
            /** @description All rows. */
            systemMetrics: components["schemas"]["CountsCheck"];
        };
        /** @description Health with figures. */
        SystemHealth: {
            checks: components["schemas"]["SystemChecks"];
            /** @description Milliseconds. */
            responseTime: number;
            /** @description The worst of the checks. */
            status: string;
            /** @description When it was found out. */
            timestamp: string;
        };
        /** @description One value of a tag. */
        TagValue: {
            events: number;
            value: string;
        };
        /** @description The values of one tag. */
        TagValues: {
            /** @description That have the tag. */
            events: number;
            name: string;
            /** @description The ten most frequent ones. */
            values: components["schemas"]["TagValue"][];
        };
        /** @description The data of one `row` event: a row as an object. */
        TailEvent: Record<string, never>;
        Text: string;
        /** @description One page of a timeline. */
        TimelineAnswer: {
            next?: string;
            rows: components["schemas"]["TimelineRow"][];
            statistics: components["schemas"]["Statistics"];
        };
        /** @description One thing that happened. */
        TimelineRow: {
            fields: {
                [key: string]: unknown;
            };
            id?: string;
            joined_by: components["schemas"]["JoinKey"];
            /** @description The row's number in its table, which with its time tells it from all others. */
            seq?: number;
            severity?: string;
            /** @description Table name. */
            signal: string;
            summary: string;
            time: string;
        };
        /** @description A change to be taken back. */
        UndoIssuesRequest: {
            /** @description As its answer and the history name it. */
            change: string;
            /** @description For the trail. */
            reason?: string;
        };
        /** @description What to change of a case; what is left out stays. */
        UpdateCaseRequest: {
            /** @description `true` closes the case, `false` opens it again. */
            closed?: boolean;
            description?: string;
            name?: string;
            /** @description Why, for the trail. */
            reason?: string;
            /** @description Refuse with `conflict` unless this is the present version. */
            version?: number;
        };
        /** @description What to change of an issue; what is left out stays. */
        UpdateIssueRequest: {
            /** @description The id or e-mail address of a user; empty for nobody. */
            assignee?: string;
            /** @description For the trail. */
            reason?: string;
            state?: components["schemas"]["SetIssueState"];
            /** @description Refuse unless this version is the present one. */
            version?: number;
        };
        /** @description What is left out stays. */
        UpdateProjectRequest: {
            archived?: boolean;
            name?: string;
            reason?: string;
        };
        /** @description What to change of a view; what is left out stays. */
        UpdateSavedViewRequest: {
            name?: string;
            query?: string;
            /** @description Why, for the trail. */
            reason?: string;
            shared?: boolean;
            /** @description Refuse with `conflict` unless this is the present version. */
            version?: number;
        };
        /** @description What is left out stays. */
        UpdateUserRequest: {
            disabled?: boolean;
            name?: string;
            reason?: string;
            role?: string;
        };
        /** @description All users. */
        UserList: {
            users: components["schemas"]["UserView"][];
        };
        /** @description A person who signs in. */
        UserView: {
            created_at: string;
            disabled_at?: string;
            email: string;
            id: string;
            last_sign_in_at?: string;
            name: string;
            /** @description `owner`, `admin`, `member`, `auditor`, `viewer`. */
            role: string;
        };
        /** @description The one who asks. */
        Whoami: {
            auth: {
                [key: string]: unknown;
            };
            name: string;
            version: string;
        };
        /** @description A signal that is left out. */
        Without: {
            reason: string;
            signal: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    index: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": components["schemas"]["Text"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    elastic_bulk_put: {
        parameters: {
            query?: never;
            header?: {
                /** @description Project to use, for callers that reach several; `default` if left out. Also as the parameter `project`. */
                "X-Whodunit-Project"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": unknown;
                "application/x-ndjson": unknown;
            };
        };
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    elastic_bulk: {
        parameters: {
            query?: never;
            header?: {
                /** @description Project to use, for callers that reach several; `default` if left out. Also as the parameter `project`. */
                "X-Whodunit-Project"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": unknown;
                "application/x-ndjson": unknown;
            };
        };
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    elastic_cat_health: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    elastic_health: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    elastic_get_component_template: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    elastic_put_component_template: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    elastic_get_policy: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    elastic_put_policy: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    elastic_get_index_template: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    elastic_put_index_template: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    elastic_license: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    elastic_get_template: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    elastic_put_template: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    elastic_xpack: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    sentry_whoami: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Whoami"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    sentry_assemble: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                org: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AssembleRequest"];
            };
        };
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AssembleAnswer"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    sentry_chunk_options: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                org: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChunkUploadOptions"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    sentry_chunk_upload: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                org: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": unknown;
            };
        };
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChunkUploadAnswer"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    sentry_create_release: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                org: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReleaseRequest"];
            };
        };
        responses: {
            /** @description Good. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Release"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    sentry_get_release: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                org: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Release"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    sentry_update_release: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                org: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReleaseRequest"];
            };
        };
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Release"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    sentry_deploy: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                org: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DeployRequest"];
            };
        };
        responses: {
            /** @description Good. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Deploy"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    sentry_list_files_of_org: {
        parameters: {
            query?: {
                /** @description Only files with this text in their name. */
                query?: string;
                /** @description Only files with this SHA-1, or one of several. */
                checksum?: string;
            };
            header?: never;
            path: {
                org: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    sentry_upload_file_of_org: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                org: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": unknown;
            };
        };
        responses: {
            /** @description Good. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReleaseFile"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    sentry_get_file_of_org: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                org: string;
                version: string;
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReleaseFile"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    sentry_delete_file_of_org: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                org: string;
                version: string;
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    sentry_delete_files: {
        parameters: {
            query?: {
                /** @description The release. */
                name?: string;
            };
            header?: never;
            path: {
                org: string;
                project: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    sentry_create_project_release: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                org: string;
                project: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReleaseRequest"];
            };
        };
        responses: {
            /** @description Good. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Release"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    sentry_get_project_release: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                org: string;
                project: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Release"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    sentry_update_project_release: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                org: string;
                project: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReleaseRequest"];
            };
        };
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Release"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    sentry_list_files: {
        parameters: {
            query?: {
                /** @description Only files with this text in their name. */
                query?: string;
                /** @description Only files with this SHA-1, or one of several. */
                checksum?: string;
            };
            header?: never;
            path: {
                org: string;
                project: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    sentry_upload_file: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                org: string;
                project: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": unknown;
            };
        };
        responses: {
            /** @description Good. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReleaseFile"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    sentry_get_file: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                org: string;
                project: string;
                version: string;
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReleaseFile"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    sentry_delete_file: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                org: string;
                project: string;
                version: string;
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    export_errors_as_csv: {
        parameters: {
            query?: {
                /** @description Start of the range, as in the list. */
                from?: string;
                /** @description End of the range, exclusive. */
                to?: string;
                /** @description Free text, as in the list. */
                q?: string;
                /** @description `unresolved` (those that came back included), `regressed`, `resolved` or `ignored`, also several times; all if left out. */
                status?: string;
                /** @description `me`, `none`, or the id or e-mail address of a user, also several times; all if left out. */
                assignee?: string;
                /** @description `true`: issues that began within the last 24 hours, `false`: the others. */
                new?: string;
                /** @description Of these issues, with what was merged into them. */
                issue_id?: string;
                /** @description `ndjson`, `json` (an array of objects) or `csv`. */
                format?: string;
                /** @description `exact` (default), or `escape` with `csv`, as in the exports of other lists. */
                formulas?: string;
                /** @description Any column of an error, `tag.NAME`, `page` or `user`, as in the list. */
                columns?: {
                    [key: string]: string;
                };
            };
            header?: {
                /** @description Project to use, for callers that reach several; `default` if left out. Also as the parameter `project`. */
                "X-Whodunit-Project"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                    "application/x-ndjson": unknown;
                    "text/csv": unknown;
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    sentry_store_by_address_legacy: {
        parameters: {
            query?: {
                /** @description The event. */
                sentry_data?: string;
                /** @description The public part of a DSN. */
                sentry_key?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/gif": unknown;
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    sentry_store_legacy: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "*/*": unknown;
            };
        };
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SentryAnswer"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    sentry_store_legacy_preflight: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": unknown;
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    system_audit_logs: {
        parameters: {
            query?: {
                /** @description `all` (default): entries. `errors`: entries that failed or are of severity ERROR and above, error events and log lines of level ERROR and above. `stats`: counts. */
                type?: string;
                /** @description Rows, 1 to 1,000, default 50. */
                limit?: string;
            };
            header?: {
                /** @description Project to use, for callers that reach several; `default` if left out. Also as the parameter `project`. */
                "X-Whodunit-Project"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SystemAuditLogs"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    system_health: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SystemHealth"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    activity_stream: {
        parameters: {
            query?: {
                /** @description `all` (default) or `errors`: log lines of level ERROR and above, error events, entries that failed or are of severity ERROR and above. */
                only?: string;
                /** @description Rows a second that come one by one, 1 to 1,000, default 50. */
                rate_max?: string;
                /** @description Newest rows to begin with, 0 to 1,000, default 100. */
                backlog?: string;
            };
            header?: {
                /** @description Project to use, for callers that reach several; `default` if left out. Also as the parameter `project`. */
                "X-Whodunit-Project"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": components["schemas"]["ActivityRow"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    activity_summary: {
        parameters: {
            query?: {
                /** @description Start of the range; 24 hours before its end if left out. */
                from?: string;
                /** @description End of the range, exclusive; now if left out. */
                to?: string;
            };
            header?: {
                /** @description Project to use, for callers that reach several; `default` if left out. Also as the parameter `project`. */
                "X-Whodunit-Project"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ActivitySummary"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    last_backup: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Backup"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    start_backup: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BackupRequest"];
            };
        };
        responses: {
            /** @description Good. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Backup"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    list_keys: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeyList"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    create_key: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateKeyRequest"];
            };
        };
        responses: {
            /** @description Good. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreateKeyAnswer"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    revoke_key: {
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
                "application/json": components["schemas"]["ReasonRequest"];
            };
        };
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeyView"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    list_projects: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProjectList"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    create_project: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateProjectRequest"];
            };
        };
        responses: {
            /** @description Good. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProjectView"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    update_project: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                slug: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateProjectRequest"];
            };
        };
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProjectView"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_redaction: {
        parameters: {
            query?: never;
            header?: {
                /** @description Project to use, for callers that reach several; `default` if left out. Also as the parameter `project`. */
                "X-Whodunit-Project"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RedactionView"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    set_redaction: {
        parameters: {
            query?: never;
            header?: {
                /** @description Project to use, for callers that reach several; `default` if left out. Also as the parameter `project`. */
                "X-Whodunit-Project"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RedactionChange"];
            };
        };
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RedactionView"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    test_redaction: {
        parameters: {
            query?: never;
            header?: {
                /** @description Project to use, for callers that reach several; `default` if left out. Also as the parameter `project`. */
                "X-Whodunit-Project"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RedactionTest"];
            };
        };
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RedactionTestAnswer"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_retention: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SettingView"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    set_retention: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RetentionChange"];
            };
        };
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SettingView"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    preview_retention: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RetentionPreviewRequest"];
            };
        };
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RetentionPreview"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    list_settings: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SettingList"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    change_setting: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeSettingRequest"];
            };
        };
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SettingView"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    setting_history: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SettingHistory"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    revert_setting: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RevertSettingRequest"];
            };
        };
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SettingView"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    settle: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    list_users: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserList"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
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
                "application/json": components["schemas"]["CreateUserRequest"];
            };
        };
        responses: {
            /** @description Good. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreateUserAnswer"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    update_user: {
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
                "application/json": components["schemas"]["UpdateUserRequest"];
            };
        };
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserView"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
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
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReasonRequest"];
            };
        };
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResetPasswordAnswer"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    ask: {
        parameters: {
            query?: never;
            header?: {
                /** @description As `project` in the body. */
                "X-Whodunit-Project"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AskRequest"];
            };
        };
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AskAnswer"];
                    "application/vnd.apache.arrow.stream": components["schemas"]["AskAnswer"];
                    "application/x-ndjson": components["schemas"]["AskAnswer"];
                    "text/csv": components["schemas"]["AskAnswer"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    list_attachments: {
        parameters: {
            query?: {
                /** @description Start of the range: RFC 3339, epoch seconds, milliseconds or nanoseconds, or a duration back from now such as `15m`. */
                from?: string;
                /** @description End of the range, exclusive; now if left out. */
                to?: string;
                /** @description Free text: every word must occur; `"a phrase"` must occur as it stands. */
                q?: string;
                /** @description Rows per page, 1 to 1,000, default 100. */
                limit?: string;
                /** @description `next` of the page before. */
                cursor?: string;
                /** @description Column names, separated by commas, whose most frequent values are counted. */
                facets?: string;
                /** @description `true` adds counts over time, of buckets that have rows. */
                histogram?: string;
                /** @description 1 to 500: adds counts over time in about so many round buckets, all of the range, also the empty ones. */
                buckets?: string;
                /** @description `desc` (default), or `asc`: oldest first, for what follows a moment. Any other value is one of an attribute `direction`. */
                direction?: string;
                /** @description `json` (default), or `ndjson` or `csv` to export: only the rows, and recorded as an export. */
                format?: string;
                /** @description Any column or attribute: `column=value`; repeated values are alternatives; `!value` excludes; `>=5`, `<5` compare; `*` asks for a value at all. */
                columns?: {
                    [key: string]: string;
                };
            };
            header?: {
                /** @description Project to use, for callers that reach several; `default` if left out. Also as the parameter `project`. */
                "X-Whodunit-Project"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListAnswer"];
                    "application/x-ndjson": components["schemas"]["ListAnswer"];
                    "text/csv": components["schemas"]["ListAnswer"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    download_attachment: {
        parameters: {
            query?: never;
            header?: {
                /** @description Project to use, for callers that reach several; `default` if left out. Also as the parameter `project`. */
                "X-Whodunit-Project"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": unknown;
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    list_audit: {
        parameters: {
            query?: {
                /** @description Start of the range: RFC 3339, epoch seconds, milliseconds or nanoseconds, or a duration back from now such as `15m`. */
                from?: string;
                /** @description End of the range, exclusive; now if left out. */
                to?: string;
                /** @description Free text: every word must occur; `"a phrase"` must occur as it stands. */
                q?: string;
                /** @description Rows per page, 1 to 1,000, default 100. */
                limit?: string;
                /** @description `next` of the page before. */
                cursor?: string;
                /** @description Column names, separated by commas, whose most frequent values are counted. */
                facets?: string;
                /** @description `true` adds counts over time, of buckets that have rows. */
                histogram?: string;
                /** @description 1 to 500: adds counts over time in about so many round buckets, all of the range, also the empty ones. */
                buckets?: string;
                /** @description `desc` (default), or `asc`: oldest first, for what follows a moment. Any other value is one of an attribute `direction`. */
                direction?: string;
                /** @description `json` (default), or `ndjson` or `csv` to export: only the rows, and recorded as an export. */
                format?: string;
                /** @description Any column or attribute: `column=value`; repeated values are alternatives; `!value` excludes; `>=5`, `<5` compare; `*` asks for a value at all. */
                columns?: {
                    [key: string]: string;
                };
            };
            header?: {
                /** @description Project to use, for callers that reach several; `default` if left out. Also as the parameter `project`. */
                "X-Whodunit-Project"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListAnswer"];
                    "application/x-ndjson": components["schemas"]["ListAnswer"];
                    "text/csv": components["schemas"]["ListAnswer"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    append_audit: {
        parameters: {
            query?: never;
            header?: {
                /** @description Project to use, for callers that reach several; `default` if left out. Also as the parameter `project`. */
                "X-Whodunit-Project"?: string;
                /** @description Correlation id of entries that bring none; `X-Request-ID` is read too. Echoed in the answer. */
                "X-Correlation-ID"?: string;
                /** @description W3C trace context of entries that bring none. */
                traceparent?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AuditEntries"];
                "application/x-ndjson": components["schemas"]["AuditEntries"];
            };
        };
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditAnswer"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    export_audit: {
        parameters: {
            query?: {
                /** @description Start of the range, as in the list. */
                from?: string;
                /** @description End of the range, exclusive. */
                to?: string;
                /** @description Free text, as in the list. */
                q?: string;
                /** @description `ndjson` (default), `json` (an array of objects) or `csv`. */
                format?: string;
                /** @description `exact` (default), or `escape` with `csv`: a cell or name that a spreadsheet would run (it begins with `=`, `+`, `-`, `@`, tab or carriage return) gets an apostrophe in front; numbers stay. */
                formulas?: string;
                /** @description Any column or attribute, as in the list. */
                columns?: {
                    [key: string]: string;
                };
            };
            header?: {
                /** @description Project to use, for callers that reach several; `default` if left out. Also as the parameter `project`. */
                "X-Whodunit-Project"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                    "application/x-ndjson": unknown;
                    "text/csv": unknown;
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    audit_fields: {
        parameters: {
            query?: {
                /** @description Start of the range, as in the list. */
                from?: string;
                /** @description End of the range, exclusive. */
                to?: string;
                /** @description Free text, as in the list. */
                q?: string;
                /** @description Any column or attribute, as in the list. */
                columns?: {
                    [key: string]: string;
                };
            };
            header?: {
                /** @description Project to use, for callers that reach several; `default` if left out. Also as the parameter `project`. */
                "X-Whodunit-Project"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FieldsAnswer"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    tail_audit: {
        parameters: {
            query?: {
                /** @description Free text: every word must occur. */
                q?: string;
                /** @description Any column or attribute, as in the list. */
                columns?: {
                    [key: string]: string;
                };
            };
            header?: {
                /** @description Project to use, for callers that reach several; `default` if left out. Also as the parameter `project`. */
                "X-Whodunit-Project"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": components["schemas"]["TailEvent"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_audit: {
        parameters: {
            query?: never;
            header?: {
                /** @description Project to use, for callers that reach several; `default` if left out. Also as the parameter `project`. */
                "X-Whodunit-Project"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditEntryAnswer"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    complete_audit: {
        parameters: {
            query?: never;
            header?: {
                /** @description Project to use, for callers that reach several; `default` if left out. Also as the parameter `project`. */
                "X-Whodunit-Project"?: string;
                /** @description Correlation id of entries that bring none; `X-Request-ID` is read too. Echoed in the answer. */
                "X-Correlation-ID"?: string;
                /** @description W3C trace context of entries that bring none. */
                traceparent?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Completion"];
            };
        };
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Receipt"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    blame: {
        parameters: {
            query?: {
                /** @description Required, as in the entries. */
                target_type?: string;
                /** @description Required. */
                target_id?: string;
            };
            header?: {
                /** @description Project to use, for callers that reach several; `default` if left out. Also as the parameter `project`. */
                "X-Whodunit-Project"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BlameAnswer"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    list_cases: {
        parameters: {
            query?: {
                /** @description `open` or `closed`; both if left out. */
                state?: string;
            };
            header?: {
                /** @description Project to use, for callers that reach several; `default` if left out. Also as the parameter `project`. */
                "X-Whodunit-Project"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CaseList"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    create_case: {
        parameters: {
            query?: never;
            header?: {
                /** @description Project to use, for callers that reach several; `default` if left out. Also as the parameter `project`. */
                "X-Whodunit-Project"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateCaseRequest"];
            };
        };
        responses: {
            /** @description Good. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CaseView"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_case: {
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
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CaseAnswer"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    delete_case: {
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
                "application/json": components["schemas"]["ReasonRequest"];
            };
        };
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CaseView"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    update_case: {
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
                "application/json": components["schemas"]["UpdateCaseRequest"];
            };
        };
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CaseView"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    export_case: {
        parameters: {
            query?: {
                /** @description `ndjson` (default), `json` (an array of objects) or `csv`. */
                format?: string;
                /** @description `exact` (default), or `escape` with `csv`, as in the exports of lists. */
                formulas?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                    "application/x-ndjson": unknown;
                    "text/csv": unknown;
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_case_item: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                number: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CaseItemAnswer"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    remove_case_item: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                number: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReasonRequest"];
            };
        };
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CaseItemAnswer"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    change_case_note: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                number: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CaseNoteRequest"];
            };
        };
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CaseItemAnswer"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    add_case_note: {
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
                "application/json": components["schemas"]["CaseNoteRequest"];
            };
        };
        responses: {
            /** @description Good. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CaseItemAnswer"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    add_case_rows: {
        parameters: {
            query?: never;
            header?: {
                /** @description Project to use, for callers that reach several; `default` if left out. Also as the parameter `project`. */
                "X-Whodunit-Project"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AddCaseRowsRequest"];
            };
        };
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AddCaseRowsAnswer"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    list_check_ins: {
        parameters: {
            query?: {
                /** @description Start of the range: RFC 3339, epoch seconds, milliseconds or nanoseconds, or a duration back from now such as `15m`. */
                from?: string;
                /** @description End of the range, exclusive; now if left out. */
                to?: string;
                /** @description Free text: every word must occur; `"a phrase"` must occur as it stands. */
                q?: string;
                /** @description Rows per page, 1 to 1,000, default 100. */
                limit?: string;
                /** @description `next` of the page before. */
                cursor?: string;
                /** @description Column names, separated by commas, whose most frequent values are counted. */
                facets?: string;
                /** @description `true` adds counts over time, of buckets that have rows. */
                histogram?: string;
                /** @description 1 to 500: adds counts over time in about so many round buckets, all of the range, also the empty ones. */
                buckets?: string;
                /** @description `desc` (default), or `asc`: oldest first, for what follows a moment. Any other value is one of an attribute `direction`. */
                direction?: string;
                /** @description `json` (default), or `ndjson` or `csv` to export: only the rows, and recorded as an export. */
                format?: string;
                /** @description Any column or attribute: `column=value`; repeated values are alternatives; `!value` excludes; `>=5`, `<5` compare; `*` asks for a value at all. */
                columns?: {
                    [key: string]: string;
                };
            };
            header?: {
                /** @description Project to use, for callers that reach several; `default` if left out. Also as the parameter `project`. */
                "X-Whodunit-Project"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListAnswer"];
                    "application/x-ndjson": components["schemas"]["ListAnswer"];
                    "text/csv": components["schemas"]["ListAnswer"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    list_errors: {
        parameters: {
            query?: {
                /** @description Start of the range: RFC 3339, epoch seconds, milliseconds or nanoseconds, or a duration back from now such as `15m`. */
                from?: string;
                /** @description End of the range, exclusive; now if left out. */
                to?: string;
                /** @description Free text: every word must occur; `"a phrase"` must occur as it stands. */
                q?: string;
                /** @description Rows per page, 1 to 1,000, default 100. */
                limit?: string;
                /** @description `next` of the page before. */
                cursor?: string;
                /** @description Column names, separated by commas, whose most frequent values are counted. */
                facets?: string;
                /** @description `true` adds counts over time, of buckets that have rows. */
                histogram?: string;
                /** @description 1 to 500: adds counts over time in about so many round buckets, all of the range, also the empty ones. */
                buckets?: string;
                /** @description `desc` (default), or `asc`: oldest first, for what follows a moment. Any other value is one of an attribute `direction`. */
                direction?: string;
                /** @description `json` (default), or `ndjson` or `csv` to export: only the rows, and recorded as an export. */
                format?: string;
                /** @description Any column or attribute: `column=value`; repeated values are alternatives; `!value` excludes; `>=5`, `<5` compare; `*` asks for a value at all. */
                columns?: {
                    [key: string]: string;
                };
            };
            header?: {
                /** @description Project to use, for callers that reach several; `default` if left out. Also as the parameter `project`. */
                "X-Whodunit-Project"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListAnswer"];
                    "application/x-ndjson": components["schemas"]["ListAnswer"];
                    "text/csv": components["schemas"]["ListAnswer"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    export_errors: {
        parameters: {
            query?: {
                /** @description Start of the range, as in the list. */
                from?: string;
                /** @description End of the range, exclusive. */
                to?: string;
                /** @description Free text, as in the list. */
                q?: string;
                /** @description `unresolved` (those that came back included), `regressed`, `resolved` or `ignored`, also several times; all if left out. */
                status?: string;
                /** @description `me`, `none`, or the id or e-mail address of a user, also several times; all if left out. */
                assignee?: string;
                /** @description `true`: issues that began within the last 24 hours, `false`: the others. */
                new?: string;
                /** @description Of these issues, with what was merged into them. */
                issue_id?: string;
                /** @description `ndjson`, `json` (an array of objects) or `csv`. */
                format?: string;
                /** @description `exact` (default), or `escape` with `csv`, as in the exports of other lists. */
                formulas?: string;
                /** @description Any column of an error, `tag.NAME`, `page` or `user`, as in the list. */
                columns?: {
                    [key: string]: string;
                };
            };
            header?: {
                /** @description Project to use, for callers that reach several; `default` if left out. Also as the parameter `project`. */
                "X-Whodunit-Project"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                    "application/x-ndjson": unknown;
                    "text/csv": unknown;
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    error_tags: {
        parameters: {
            query?: {
                /** @description Start of the range, as in the list. */
                from?: string;
                /** @description End of the range, exclusive. */
                to?: string;
                /** @description Free text, as in the list. */
                q?: string;
                /** @description `unresolved` (those that came back included), `regressed`, `resolved` or `ignored`, also several times; all if left out. */
                status?: string;
                /** @description `me`, `none`, or the id or e-mail address of a user, also several times; all if left out. */
                assignee?: string;
                /** @description `true`: issues that began within the last 24 hours, `false`: the others. */
                new?: string;
                /** @description Of these issues, with what was merged into them. */
                issue_id?: string;
                /** @description Any column of an error, `tag.NAME`, `page` or `user`, as in the list: only events that fit are counted. */
                columns?: {
                    [key: string]: string;
                };
            };
            header?: {
                /** @description Project to use, for callers that reach several; `default` if left out. Also as the parameter `project`. */
                "X-Whodunit-Project"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorTagsAnswer"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_error: {
        parameters: {
            query?: never;
            header?: {
                /** @description Project to use, for callers that reach several; `default` if left out. Also as the parameter `project`. */
                "X-Whodunit-Project"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEventAnswer"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    list_feedback: {
        parameters: {
            query?: {
                /** @description Start of the range: RFC 3339, epoch seconds, milliseconds or nanoseconds, or a duration back from now such as `15m`. */
                from?: string;
                /** @description End of the range, exclusive; now if left out. */
                to?: string;
                /** @description Free text: every word must occur; `"a phrase"` must occur as it stands. */
                q?: string;
                /** @description Rows per page, 1 to 1,000, default 100. */
                limit?: string;
                /** @description `next` of the page before. */
                cursor?: string;
                /** @description Column names, separated by commas, whose most frequent values are counted. */
                facets?: string;
                /** @description `true` adds counts over time, of buckets that have rows. */
                histogram?: string;
                /** @description 1 to 500: adds counts over time in about so many round buckets, all of the range, also the empty ones. */
                buckets?: string;
                /** @description `desc` (default), or `asc`: oldest first, for what follows a moment. Any other value is one of an attribute `direction`. */
                direction?: string;
                /** @description `json` (default), or `ndjson` or `csv` to export: only the rows, and recorded as an export. */
                format?: string;
                /** @description Any column or attribute: `column=value`; repeated values are alternatives; `!value` excludes; `>=5`, `<5` compare; `*` asks for a value at all. */
                columns?: {
                    [key: string]: string;
                };
            };
            header?: {
                /** @description Project to use, for callers that reach several; `default` if left out. Also as the parameter `project`. */
                "X-Whodunit-Project"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListAnswer"];
                    "application/x-ndjson": components["schemas"]["ListAnswer"];
                    "text/csv": components["schemas"]["ListAnswer"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    export_feedback: {
        parameters: {
            query?: {
                /** @description Start of the range, as in the list. */
                from?: string;
                /** @description End of the range, exclusive. */
                to?: string;
                /** @description Free text, as in the list. */
                q?: string;
                /** @description `ndjson`, `json` (an array of objects) or `csv`. */
                format?: string;
                /** @description `exact` (default), or `escape` with `csv`, as in the exports of other lists. */
                formulas?: string;
                /** @description Any column, as in the list. */
                columns?: {
                    [key: string]: string;
                };
            };
            header?: {
                /** @description Project to use, for callers that reach several; `default` if left out. Also as the parameter `project`. */
                "X-Whodunit-Project"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                    "application/x-ndjson": unknown;
                    "text/csv": unknown;
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    import_state: {
        parameters: {
            query?: never;
            header?: {
                /** @description Project to use, for callers that reach several; `default` if left out. Also as the parameter `project`. */
                "X-Whodunit-Project"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportState"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    append_import: {
        parameters: {
            query?: {
                /** @description Where the piece begins: `start`, or the `import.upto` of the piece before. */
                after?: string;
                /** @description `true` takes the piece although another one begins there: the files differ from here on. */
                branch?: string;
            };
            header?: {
                /** @description Project to use, for callers that reach several; `default` if left out. Also as the parameter `project`. */
                "X-Whodunit-Project"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LogLines"];
                "application/x-ndjson": components["schemas"]["LogLines"];
            };
        };
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LogsAnswer"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    ingest_rates: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IngestRates"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    list_issues: {
        parameters: {
            query?: {
                /** @description Start of the range; 14 days before `to` if left out. */
                from?: string;
                /** @description End of the range, exclusive; now if left out. */
                to?: string;
                /** @description Free text, as in the list of errors. */
                q?: string;
                /** @description `unresolved` (those that came back included), `regressed`, `resolved` or `ignored`, also several times; all if left out. */
                status?: string;
                /** @description `me`, `none`, or the id or e-mail address of a user, also several times; all if left out. */
                assignee?: string;
                /** @description `true`: issues that began within the last 24 hours, `false`: the others. */
                new?: string;
                /** @description `last_seen` (default), `first_seen`, `events` or `users`: the highest first. */
                sort?: string;
                /** @description Issues of the answer, 1 to 1,000, default 100. */
                limit?: string;
                /** @description 1 to 500: about so many round buckets of each issue, 30 if left out. */
                buckets?: string;
                /** @description Any column of an error, `tag.NAME`, `page` or `user`, as in the list: only events that fit are counted. */
                columns?: {
                    [key: string]: string;
                };
            };
            header?: {
                /** @description Project to use, for callers that reach several; `default` if left out. Also as the parameter `project`. */
                "X-Whodunit-Project"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IssuesAnswer"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    list_issue_assignees: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IssueAssigneeList"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    change_issues: {
        parameters: {
            query?: never;
            header?: {
                /** @description Project to use, for callers that reach several; `default` if left out. Also as the parameter `project`. */
                "X-Whodunit-Project"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeIssuesRequest"];
            };
        };
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChangedIssuesAnswer"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    delete_issues: {
        parameters: {
            query?: never;
            header?: {
                /** @description Project to use, for callers that reach several; `default` if left out. Also as the parameter `project`. */
                "X-Whodunit-Project"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["IssueIdsRequest"];
            };
        };
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChangedIssuesAnswer"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    export_issues: {
        parameters: {
            query?: {
                /** @description Start of the range; 14 days before `to` if left out. */
                from?: string;
                /** @description End of the range, exclusive; now if left out. */
                to?: string;
                /** @description Free text, as in the list of errors. */
                q?: string;
                /** @description `unresolved` (those that came back included), `regressed`, `resolved` or `ignored`, also several times; all if left out. */
                status?: string;
                /** @description `me`, `none`, or the id or e-mail address of a user, also several times; all if left out. */
                assignee?: string;
                /** @description `true`: issues that began within the last 24 hours, `false`: the others. */
                new?: string;
                /** @description `last_seen` (default), `first_seen`, `events` or `users`: the highest first. */
                sort?: string;
                /** @description `ndjson`, `json` (an array of objects) or `csv`. */
                format?: string;
                /** @description `exact` (default), or `escape` with `csv`, as in the exports of other lists. */
                formulas?: string;
                /** @description Any column of an error, `tag.NAME`, `page` or `user`, as in the list: only events that fit are counted. */
                columns?: {
                    [key: string]: string;
                };
            };
            header?: {
                /** @description Project to use, for callers that reach several; `default` if left out. Also as the parameter `project`. */
                "X-Whodunit-Project"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                    "application/x-ndjson": unknown;
                    "text/csv": unknown;
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    merge_issues: {
        parameters: {
            query?: never;
            header?: {
                /** @description Project to use, for callers that reach several; `default` if left out. Also as the parameter `project`. */
                "X-Whodunit-Project"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MergeIssuesRequest"];
            };
        };
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChangedIssuesAnswer"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    issue_statistics: {
        parameters: {
            query?: {
                /** @description Start of the range; 14 days before `to` if left out. */
                from?: string;
                /** @description End of the range, exclusive; now if left out. */
                to?: string;
                /** @description Free text, as in the list of errors. */
                q?: string;
                /** @description `unresolved` (those that came back included), `regressed`, `resolved` or `ignored`, also several times; all if left out. */
                status?: string;
                /** @description `me`, `none`, or the id or e-mail address of a user, also several times; all if left out. */
                assignee?: string;
                /** @description `true`: issues that began within the last 24 hours, `false`: the others. */
                new?: string;
                /** @description Of these issues, with what was merged into them. */
                issue_id?: string;
                /** @description 1 to 500: about so many round buckets, 60 if left out. */
                buckets?: string;
                /** @description Any column of an error, `tag.NAME`, `page` or `user`, as in the list: only events that fit are counted. */
                columns?: {
                    [key: string]: string;
                };
            };
            header?: {
                /** @description Project to use, for callers that reach several; `default` if left out. Also as the parameter `project`. */
                "X-Whodunit-Project"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IssueStatisticsAnswer"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    undo_issue_change: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UndoIssuesRequest"];
            };
        };
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChangedIssuesAnswer"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    unmerge_issues: {
        parameters: {
            query?: never;
            header?: {
                /** @description Project to use, for callers that reach several; `default` if left out. Also as the parameter `project`. */
                "X-Whodunit-Project"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["IssueIdsRequest"];
            };
        };
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChangedIssuesAnswer"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_issue: {
        parameters: {
            query?: {
                /** @description Start of the range; 14 days before `to` if left out. */
                from?: string;
                /** @description End of the range, exclusive; now if left out. */
                to?: string;
            };
            header?: {
                /** @description Project to use, for callers that reach several; `default` if left out. Also as the parameter `project`. */
                "X-Whodunit-Project"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IssueAnswer"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    delete_issue: {
        parameters: {
            query?: never;
            header?: {
                /** @description Project to use, for callers that reach several; `default` if left out. Also as the parameter `project`. */
                "X-Whodunit-Project"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReasonRequest"];
            };
        };
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChangedIssuesAnswer"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    update_issue: {
        parameters: {
            query?: never;
            header?: {
                /** @description Project to use, for callers that reach several; `default` if left out. Also as the parameter `project`. */
                "X-Whodunit-Project"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateIssueRequest"];
            };
        };
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChangedIssuesAnswer"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    list_issue_comments: {
        parameters: {
            query?: never;
            header?: {
                /** @description Project to use, for callers that reach several; `default` if left out. Also as the parameter `project`. */
                "X-Whodunit-Project"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IssueCommentList"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    add_issue_comment: {
        parameters: {
            query?: never;
            header?: {
                /** @description Project to use, for callers that reach several; `default` if left out. Also as the parameter `project`. */
                "X-Whodunit-Project"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["IssueCommentRequest"];
            };
        };
        responses: {
            /** @description Good. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IssueCommentView"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    remove_issue_comment: {
        parameters: {
            query?: never;
            header?: {
                /** @description Project to use, for callers that reach several; `default` if left out. Also as the parameter `project`. */
                "X-Whodunit-Project"?: string;
            };
            path: {
                id: string;
                comment: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReasonRequest"];
            };
        };
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IssueCommentView"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    change_issue_comment: {
        parameters: {
            query?: never;
            header?: {
                /** @description Project to use, for callers that reach several; `default` if left out. Also as the parameter `project`. */
                "X-Whodunit-Project"?: string;
            };
            path: {
                id: string;
                comment: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["IssueCommentRequest"];
            };
        };
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IssueCommentView"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    issue_feedback: {
        parameters: {
            query?: never;
            header?: {
                /** @description Project to use, for callers that reach several; `default` if left out. Also as the parameter `project`. */
                "X-Whodunit-Project"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IssueFeedbackAnswer"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    issue_history: {
        parameters: {
            query?: never;
            header?: {
                /** @description Project to use, for callers that reach several; `default` if left out. Also as the parameter `project`. */
                "X-Whodunit-Project"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IssueHistory"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    similar_issues: {
        parameters: {
            query?: {
                /** @description Start of the range; 14 days before `to` if left out. */
                from?: string;
                /** @description End of the range, exclusive; now if left out. */
                to?: string;
            };
            header?: {
                /** @description Project to use, for callers that reach several; `default` if left out. Also as the parameter `project`. */
                "X-Whodunit-Project"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SimilarIssuesAnswer"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    list_logs: {
        parameters: {
            query?: {
                /** @description Start of the range: RFC 3339, epoch seconds, milliseconds or nanoseconds, or a duration back from now such as `15m`. */
                from?: string;
                /** @description End of the range, exclusive; now if left out. */
                to?: string;
                /** @description Free text: every word must occur; `"a phrase"` must occur as it stands. */
                q?: string;
                /** @description Rows per page, 1 to 1,000, default 100. */
                limit?: string;
                /** @description `next` of the page before. */
                cursor?: string;
                /** @description Column names, separated by commas, whose most frequent values are counted. */
                facets?: string;
                /** @description `true` adds counts over time, of buckets that have rows. */
                histogram?: string;
                /** @description 1 to 500: adds counts over time in about so many round buckets, all of the range, also the empty ones. */
                buckets?: string;
                /** @description `desc` (default), or `asc`: oldest first, for what follows a moment. Any other value is one of an attribute `direction`. */
                direction?: string;
                /** @description `json` (default), or `ndjson` or `csv` to export: only the rows, and recorded as an export. */
                format?: string;
                /** @description Any column or attribute: `column=value`; repeated values are alternatives; `!value` excludes; `>=5`, `<5` compare; `*` asks for a value at all. */
                columns?: {
                    [key: string]: string;
                };
            };
            header?: {
                /** @description Project to use, for callers that reach several; `default` if left out. Also as the parameter `project`. */
                "X-Whodunit-Project"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListAnswer"];
                    "application/x-ndjson": components["schemas"]["ListAnswer"];
                    "text/csv": components["schemas"]["ListAnswer"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    append_logs: {
        parameters: {
            query?: {
                /** @description Field of a line that holds its time; guessed if left out. */
                time_field?: string;
                /** @description Field that holds the message; guessed if left out. */
                message_field?: string;
                /** @description Field that holds the level; guessed if left out. */
                level_field?: string;
            };
            header?: {
                /** @description Project to use, for callers that reach several; `default` if left out. Also as the parameter `project`. */
                "X-Whodunit-Project"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LogLines"];
                "application/x-ndjson": components["schemas"]["LogLines"];
            };
        };
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LogsAnswer"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    export_logs: {
        parameters: {
            query?: {
                /** @description Start of the range, as in the list. */
                from?: string;
                /** @description End of the range, exclusive. */
                to?: string;
                /** @description Free text, as in the list. */
                q?: string;
                /** @description `ndjson` (default), `json` (an array of objects) or `csv`. */
                format?: string;
                /** @description `exact` (default), or `escape` with `csv`: a cell or name that a spreadsheet would run (it begins with `=`, `+`, `-`, `@`, tab or carriage return) gets an apostrophe in front; numbers stay. */
                formulas?: string;
                /** @description Any column or attribute, as in the list. */
                columns?: {
                    [key: string]: string;
                };
            };
            header?: {
                /** @description Project to use, for callers that reach several; `default` if left out. Also as the parameter `project`. */
                "X-Whodunit-Project"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                    "application/x-ndjson": unknown;
                    "text/csv": unknown;
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    logs_fields: {
        parameters: {
            query?: {
                /** @description Start of the range, as in the list. */
                from?: string;
                /** @description End of the range, exclusive. */
                to?: string;
                /** @description Free text, as in the list. */
                q?: string;
                /** @description Any column or attribute, as in the list. */
                columns?: {
                    [key: string]: string;
                };
            };
            header?: {
                /** @description Project to use, for callers that reach several; `default` if left out. Also as the parameter `project`. */
                "X-Whodunit-Project"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FieldsAnswer"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    tail_logs: {
        parameters: {
            query?: {
                /** @description Free text: every word must occur. */
                q?: string;
                /** @description Any column or attribute, as in the list. */
                columns?: {
                    [key: string]: string;
                };
            };
            header?: {
                /** @description Project to use, for callers that reach several; `default` if left out. Also as the parameter `project`. */
                "X-Whodunit-Project"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": components["schemas"]["TailEvent"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
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
                "application/json": components["schemas"]["ChangePasswordRequest"];
            };
        };
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
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
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionList"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
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
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    list_monitors: {
        parameters: {
            query?: never;
            header?: {
                /** @description Project to use, for callers that reach several; `default` if left out. Also as the parameter `project`. */
                "X-Whodunit-Project"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MonitorsAnswer"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
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
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    release_health: {
        parameters: {
            query?: {
                /** @description Start of the range; 14 days before `to` if left out. */
                from?: string;
                /** @description End of the range, exclusive; now if left out. */
                to?: string;
                /** @description Of this release; also several times, `!` before it excludes, `*` asks for one at all. */
                release?: string;
                /** @description Of this environment; likewise. */
                environment?: string;
                /** @description 1 to 500: about so many round buckets, 60 if left out. */
                buckets?: string;
            };
            header?: {
                /** @description Project to use, for callers that reach several; `default` if left out. Also as the parameter `project`. */
                "X-Whodunit-Project"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReleaseHealthAnswer"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    who_am_i: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MeAnswer"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    sign_in: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignInRequest"];
            };
        };
        responses: {
            /** @description Good. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignInAnswer"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    sign_out: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    set_up: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SetUpRequest"];
            };
        };
        responses: {
            /** @description Good. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignInAnswer"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    list_sourcemaps: {
        parameters: {
            query?: never;
            header?: {
                /** @description Project to use, for callers that reach several; `default` if left out. Also as the parameter `project`. */
                "X-Whodunit-Project"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SourceMapsAnswer"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    delete_sourcemaps: {
        parameters: {
            query?: never;
            header?: {
                /** @description Project to use, for callers that reach several; `default` if left out. Also as the parameter `project`. */
                "X-Whodunit-Project"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SourceMapBundle"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    list_sources: {
        parameters: {
            query?: never;
            header?: {
                /** @description Project to use, for callers that reach several; `default` if left out. Also as the parameter `project`. */
                "X-Whodunit-Project"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SourceList"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    list_spans: {
        parameters: {
            query?: {
                /** @description Start of the range: RFC 3339, epoch seconds, milliseconds or nanoseconds, or a duration back from now such as `15m`. */
                from?: string;
                /** @description End of the range, exclusive; now if left out. */
                to?: string;
                /** @description Free text: every word must occur; `"a phrase"` must occur as it stands. */
                q?: string;
                /** @description Rows per page, 1 to 1,000, default 100. */
                limit?: string;
                /** @description `next` of the page before. */
                cursor?: string;
                /** @description Column names, separated by commas, whose most frequent values are counted. */
                facets?: string;
                /** @description `true` adds counts over time, of buckets that have rows. */
                histogram?: string;
                /** @description 1 to 500: adds counts over time in about so many round buckets, all of the range, also the empty ones. */
                buckets?: string;
                /** @description `desc` (default), or `asc`: oldest first, for what follows a moment. Any other value is one of an attribute `direction`. */
                direction?: string;
                /** @description `json` (default), or `ndjson` or `csv` to export: only the rows, and recorded as an export. */
                format?: string;
                /** @description Any column or attribute: `column=value`; repeated values are alternatives; `!value` excludes; `>=5`, `<5` compare; `*` asks for a value at all. */
                columns?: {
                    [key: string]: string;
                };
            };
            header?: {
                /** @description Project to use, for callers that reach several; `default` if left out. Also as the parameter `project`. */
                "X-Whodunit-Project"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListAnswer"];
                    "application/x-ndjson": components["schemas"]["ListAnswer"];
                    "text/csv": components["schemas"]["ListAnswer"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    sql: {
        parameters: {
            query?: never;
            header?: {
                /** @description Restrict the question to one project; all that the caller reaches if left out. */
                "X-Whodunit-Project"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SqlRequest"];
            };
        };
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SqlAnswer"];
                    "application/vnd.apache.arrow.stream": components["schemas"]["SqlAnswer"];
                    "application/x-ndjson": components["schemas"]["SqlAnswer"];
                    "text/csv": components["schemas"]["SqlAnswer"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    storage: {
        parameters: {
            query?: never;
            header?: {
                /** @description Project to use, for callers that reach several; `default` if left out. Also as the parameter `project`. */
                "X-Whodunit-Project"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StorageAnswer"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    timeline: {
        parameters: {
            query?: {
                /** @description Id or e-mail address of an actor. */
                actor?: string;
                /** @description `type:id`, or an id. */
                target?: string;
                /** @description A session. */
                session_id?: string;
                /** @description A request. */
                correlation_id?: string;
                /** @description A trace. */
                trace_id?: string;
                /** @description A bulk operation. */
                batch_id?: string;
                /** @description RFC 3339 time or the id of an audit entry; with `window` (default `5m`) on each side. */
                around?: string;
                /** @description Start of the range. */
                from?: string;
                /** @description End of the range, exclusive. */
                to?: string;
                /** @description Table names, separated by commas; all if left out. */
                signals?: string;
                /** @description `asc` (default) or `desc`. */
                order?: string;
                /** @description `true` (default) joins other signals of the same requests. */
                expand?: string;
                /** @description Rows per page, 1 to 1,000, default 200. */
                limit?: string;
                /** @description `next` of the page before. */
                cursor?: string;
            };
            header?: {
                /** @description Project to use, for callers that reach several; `default` if left out. Also as the parameter `project`. */
                "X-Whodunit-Project"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TimelineAnswer"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    list_views: {
        parameters: {
            query?: {
                /** @description `activity`, `audit`, `logs` or `timeline`; all if left out. */
                page?: string;
            };
            header?: {
                /** @description Project to use, for callers that reach several; `default` if left out. Also as the parameter `project`. */
                "X-Whodunit-Project"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SavedViewList"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    create_view: {
        parameters: {
            query?: never;
            header?: {
                /** @description Project to use, for callers that reach several; `default` if left out. Also as the parameter `project`. */
                "X-Whodunit-Project"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateSavedViewRequest"];
            };
        };
        responses: {
            /** @description Good. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SavedView"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
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
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReasonRequest"];
            };
        };
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SavedView"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    update_view: {
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
                "application/json": components["schemas"]["UpdateSavedViewRequest"];
            };
        };
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SavedView"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    sentry_cron_bare: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                monitor: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": unknown;
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    sentry_cron_bare_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                monitor: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": unknown;
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    sentry_cron: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                monitor: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": unknown;
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    sentry_cron_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                monitor: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": unknown;
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    sentry_cron_with_key_bare: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                monitor: string;
                key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": unknown;
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    sentry_cron_with_key_bare_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                monitor: string;
                key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": unknown;
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    sentry_cron_with_key: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                monitor: string;
                key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": unknown;
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    sentry_cron_with_key_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                monitor: string;
                key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": unknown;
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    sentry_csp: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "*/*": unknown;
            };
        };
        responses: {
            /** @description Good. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": unknown;
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    sentry_csp_preflight: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": unknown;
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    sentry_envelope_bare: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/x-sentry-envelope": unknown;
            };
        };
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SentryAnswer"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    sentry_envelope_bare_preflight: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": unknown;
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    sentry_envelope: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/x-sentry-envelope": unknown;
            };
        };
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SentryAnswer"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    sentry_envelope_preflight: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": unknown;
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    sentry_attachments: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
                event: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": unknown;
            };
        };
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SentryAnswer"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    sentry_minidump_bare: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "*/*": unknown;
            };
        };
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": components["schemas"]["Text"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    sentry_minidump: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "*/*": unknown;
            };
        };
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": components["schemas"]["Text"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    sentry_nel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "*/*": unknown;
            };
        };
        responses: {
            /** @description Good. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": unknown;
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    sentry_nel_preflight: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": unknown;
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    sentry_security: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "*/*": unknown;
            };
        };
        responses: {
            /** @description Good. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": unknown;
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    sentry_security_preflight: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": unknown;
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    sentry_store_by_address_bare: {
        parameters: {
            query?: {
                /** @description The event. */
                sentry_data?: string;
                /** @description The public part of a DSN. */
                sentry_key?: string;
            };
            header?: never;
            path: {
                project: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/gif": unknown;
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    sentry_store_bare: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "*/*": unknown;
            };
        };
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SentryAnswer"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    sentry_store_bare_preflight: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": unknown;
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    sentry_store_by_address: {
        parameters: {
            query?: {
                /** @description The event. */
                sentry_data?: string;
                /** @description The public part of a DSN. */
                sentry_key?: string;
            };
            header?: never;
            path: {
                project: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/gif": unknown;
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    sentry_store: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "*/*": unknown;
            };
        };
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SentryAnswer"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    sentry_store_preflight: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": unknown;
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    asset: {
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
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "*/*": unknown;
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
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
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    health_detailed: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DetailedHealth"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    live: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Probe"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    ready: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Probe"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    loki_push: {
        parameters: {
            query?: never;
            header?: {
                /** @description Project to use, for callers that reach several; `default` if left out. Also as the parameter `project`. */
                "X-Whodunit-Project"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": unknown;
                "application/x-protobuf": unknown;
            };
        };
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    loki_build_info: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    metrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": components["schemas"]["Text"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    otlp_logs_below: {
        parameters: {
            query?: never;
            header?: {
                /** @description Project to use, for callers that reach several; `default` if left out. Also as the parameter `project`. */
                "X-Whodunit-Project"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": unknown;
                "application/x-protobuf": unknown;
            };
        };
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                    "application/x-protobuf": unknown;
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    loki_ready: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": components["schemas"]["Text"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    set_up_page: {
        parameters: {
            query?: {
                /** @description From the printed link. */
                token?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": components["schemas"]["Text"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    otlp_logs: {
        parameters: {
            query?: never;
            header?: {
                /** @description Project to use, for callers that reach several; `default` if left out. Also as the parameter `project`. */
                "X-Whodunit-Project"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": unknown;
                "application/x-protobuf": unknown;
            };
        };
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                    "application/x-protobuf": unknown;
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    page: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                page: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": components["schemas"]["Text"];
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    elastic_bulk_index_put: {
        parameters: {
            query?: never;
            header?: {
                /** @description Project to use, for callers that reach several; `default` if left out. Also as the parameter `project`. */
                "X-Whodunit-Project"?: string;
            };
            path: {
                index: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": unknown;
                "application/x-ndjson": unknown;
            };
        };
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    elastic_bulk_index: {
        parameters: {
            query?: never;
            header?: {
                /** @description Project to use, for callers that reach several; `default` if left out. Also as the parameter `project`. */
                "X-Whodunit-Project"?: string;
            };
            path: {
                index: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": unknown;
                "application/x-ndjson": unknown;
            };
        };
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    elastic_refresh_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                index: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    elastic_refresh: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                index: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description Not done; `error.kind` says why. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
}
