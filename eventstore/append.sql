-- Appends a batch under the lock of the log; decides by the same rules as decision.py.
--
-- Everything comes in columns, bytes and texts (as UTF-8) in hexadecimal. Numbers begin at 1 and count
-- within the batch: `append_expects` is the number of the append's last expectation. An expectation says at
-- which version a stream must be, and which it reaches by the append (0: it is only guarded). `..._first` is
-- the number of the first expectation for the same stream, the first use of the same key. Keys are in the
-- order of the appends they belong to.
--
-- Returns for each append the position before its first event: -1 when its key is known, -2 when an
-- expectation is not met; then `unmet` is the number of that and `actual` the version that was found.
CREATE OR REPLACE FUNCTION log.append(
    append_events    int[],
    append_expects   int[],
    expected_first   int[],
    expected_stream  uuid[],
    expected_version int[],
    expected_reached int[],
    event_append     int[],
    event_number     int[],
    event_stream     uuid[],
    event_version    int[],
    event_topic      text[],
    event_state      text[],
    event_metadata   text[],
    key_append       int[],
    key_first        int[],
    key_actor        uuid[],
    key_text         text[],
    key_digest       text[],
    key_receipt      text[],
    OUT recorded     timestamptz,
    OUT bases        bigint[],
    OUT unmet        int[],
    OUT actual       int[]
)
LANGUAGE plpgsql VOLATILE
-- The plans do not depend on the arguments; making them anew would cost more than carrying them out.
SET plan_cache_mode = force_generic_plan
AS $function$
#variable_conflict use_variable
DECLARE
    head     bigint;
    versions int[];
    known    boolean[];
    x        int := 1; -- the first expectation of the append
    k        int := 1; -- the next key
    keyed    boolean;
BEGIN
    -- VOLATILE and READ COMMITTED: each statement behind the lock sees all that was committed before it.
    PERFORM pg_advisory_xact_lock(5180277311);
    SELECT e.position, greatest(clock_timestamp(), e.recorded_at) INTO head, recorded
        FROM log.events e ORDER BY e.position DESC LIMIT 1;
    head := coalesce(head, 0);
    recorded := coalesce(recorded, clock_timestamp());

    -- Scalar subqueries: a join might be planned as a scan while the tables are small, and stay one.
    versions := ARRAY(
        SELECT coalesce((SELECT max(e.version) FROM log.events e WHERE e.stream = s.stream), 0)
        FROM unnest(expected_stream) AS s (stream)
    );
    key_text := ARRAY(SELECT convert_from(decode(k.hex, 'hex'), 'UTF8') FROM unnest(key_text) AS k (hex));
    known := ARRAY(
        SELECT (SELECT true FROM log.command_keys c WHERE c.actor = k.actor AND c.key = k.text) IS NOT NULL
        FROM unnest(key_actor, key_text) AS k (actor, text)
    );

    bases := array_fill(0::bigint, ARRAY[cardinality(append_events)]);
    unmet := array_fill(0, ARRAY[cardinality(append_events)]);
    actual := unmet;
    FOR a IN 1 .. cardinality(append_events) LOOP
        keyed := coalesce(key_append[k] = a, false);
        bases[a] := CASE WHEN keyed AND known[key_first[k]] THEN -1 ELSE head END;
        FOR y IN x .. append_expects[a] LOOP
            EXIT WHEN bases[a] < 0;
            IF versions[expected_first[y]] <> expected_version[y] THEN
                bases[a] := -2;
                unmet[a] := y;
                actual[a] := versions[expected_first[y]];
            END IF;
        END LOOP;
        IF bases[a] >= 0 THEN
            head := head + append_events[a];
            FOR y IN x .. append_expects[a] LOOP
                IF expected_reached[y] > 0 THEN
                    versions[expected_first[y]] := expected_reached[y];
                END IF;
            END LOOP;
            IF keyed THEN
                known[key_first[k]] := true;
            END IF;
        END IF;
        x := append_expects[a] + 1;
        k := k + keyed::int;
    END LOOP;

    INSERT INTO log.events (position, stream, version, topic, recorded_at, state, metadata)
        SELECT bases[n.append] + n.number, n.stream, n.version, convert_from(decode(n.topic, 'hex'), 'UTF8'),
            recorded, decode(n.state, 'hex'), decode(n.metadata, 'hex')
        FROM unnest(
            event_append, event_number, event_stream, event_version, event_topic, event_state, event_metadata
        ) AS n (append, number, stream, version, topic, state, metadata)
        WHERE bases[n.append] >= 0;
    INSERT INTO log.command_keys (actor, key, digest, position, receipt)
        SELECT n.actor, n.key, decode(n.digest, 'hex'), bases[n.append] + append_events[n.append],
            decode(n.receipt, 'hex')
        FROM unnest(key_append, key_actor, key_text, key_digest, key_receipt)
            AS n (append, actor, key, digest, receipt)
        WHERE bases[n.append] >= 0;
END
$function$;
