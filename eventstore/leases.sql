CREATE TABLE IF NOT EXISTS leases (
    role       VARCHAR(100)     NOT NULL PRIMARY KEY,
    holder     VARCHAR(200)     NOT NULL,
    fence      BIGINT           NOT NULL,
    expires_at DOUBLE PRECISION NOT NULL -- seconds since 1970, by the database's clock
);
