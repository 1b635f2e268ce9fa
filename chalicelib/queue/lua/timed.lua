-- Instances whose rate allows the next job at a known time.
--@keys timed:zset
local first_timed -- when the next instance is to be kicked, as far as the script knows
