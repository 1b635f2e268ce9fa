-- Forget when jobs of an instance began, and let the next ones begin.
--@include gate kicks wake rates
--@args instance
--@reply {epoch, seq, {pools to invoke}} | {-1} closed
if closed() then return {CLOSED} end
redis.call('ZREM', KEYS.rates, ARGV.instance, ARGV.instance .. BUSY)
kick(ARGV.instance)
return {tonumber(epoch), seq, wake_all()}
