-- The last position of the log; NULL when one of these streams has events behind its version.
--
-- A function, since its plans are kept by the connection: planning this at each request costs more than doing it.
CREATE OR REPLACE FUNCTION log.head_unless_gone_on(streams uuid[], versions int[]) RETURNS bigint
LANGUAGE plpgsql STABLE AS $$
BEGIN
    FOR number IN 1 .. cardinality(streams) LOOP
        IF EXISTS (
            SELECT FROM log.events e WHERE e.stream = streams[number] AND e.version > versions[number]
        ) THEN
            RETURN NULL;
        END IF;
    END LOOP;
    RETURN (SELECT coalesce(max(position), 0) FROM log.events);
END
$$;
