-- Appends a batch under the lock of the log; decides by the same rules as decision.py.
--
-- Everything comes in columns. `streams` are the distinct streams of the batch, others name them by their
-- number in it. An expectation says at which version a stream must be, and which it reaches by the append
-- (0: it is only guarded). `key_first` is the number of the first key of the batch that equals this one,
-- `key_append` that of the append it belongs to, ascending. Numbers begin at 1.
--
-- Returns for each append the position before its first event: -1 when its key is known, -2 when an
-- expectation is not met; then `unmet` is the number of that and `actual` the version that was found.
CREATE OR REPLACE FUNCTION log.append(
    streams          uuid[],
    append_events    int[],
    append_expects   int[],
    event_append     int[],
    event_number     int[],
    event_stream     int[],
    event_version    int[],
    event_topic      text[],
    event_state      bytea[],
    event_metadata   bytea[],
    expected_stream  int[],
    expected_version int[],
    expected_reached int[],
    key_first        int[],
    key_append       int[],
    key_actor        uuid[],
    key_text         text[],
    key_digest       bytea[],
    key_receipt      bytea[],
    OUT recorded     timestamptz,
    OUT bases        bigint[],
    OUT unmet        int[],
    OUT actual       int[]
)
LANGUAGE plpgsql VOLATILE
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

    SELECT array_agg(coalesce((SELECT max(e.version) FROM log.events e WHERE e.stream = s.stream), 0) ORDER BY s.n)
        INTO versions
        FROM unnest(streams) WITH ORDINALITY AS s (stream, n);
    SELECT array_agg(c.actor IS NOT NULL ORDER BY n.n)
        INTO known
        FROM unnest(key_actor, key_text) WITH ORDINALITY AS n (actor, key, n)
        LEFT JOIN log.command_keys c ON c.actor = n.actor AND c.key = n.key;

    bases := array_fill(0::bigint, ARRAY[cardinality(append_events)]);
    unmet := array_fill(0, ARRAY[cardinality(append_events)]);
    actual := unmet;
    FOR a IN 1 .. cardinality(append_events) LOOP
        keyed := coalesce(key_append[k] = a, false);
        bases[a] := CASE WHEN keyed AND known[key_first[k]] THEN -1 ELSE head END;
        FOR y IN x .. append_expects[a] LOOP
            EXIT WHEN bases[a] < 0;
            IF versions[expected_stream[y]] <> expected_version[y] THEN
                bases[a] := -2;
                unmet[a] := y;
                actual[a] := versions[expected_stream[y]];
            END IF;
        END LOOP;
        IF bases[a] >= 0 THEN
            head := head + append_events[a];
            FOR y IN x .. append_expects[a] LOOP
                IF expected_reached[y] > 0 THEN
                    versions[expected_stream[y]] := expected_reached[y];
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
        SELECT bases[n.append] + n.number, streams[n.stream], n.version, n.topic, recorded, n.state, n.metadata
        FROM unnest(
            event_append, event_number, event_stream, event_version, event_topic, event_state, event_metadata
        ) AS n (append, number, stream, version, topic, state, metadata)
        WHERE bases[n.append] >= 0;
    INSERT INTO log.command_keys (actor, key, digest, position, receipt)
        SELECT n.actor, n.key, n.digest, bases[n.append] + append_events[n.append], n.receipt
        FROM unnest(key_append, key_actor, key_text, key_digest, key_receipt)
            AS n (append, actor, key, digest, receipt)
        WHERE bases[n.append] >= 0;
END
$function$;
