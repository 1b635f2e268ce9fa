-- Open the queue after a rebuild, with a new epoch; the sequence of events starts at 1.
--@keys epoch:string seq:string rebuild:string layout:string
--@args rebuild_token new_epoch layout
--@reply 1, or 0 when another process has the lock
if redis.call('GET', KEYS.rebuild) ~= ARGV.rebuild_token then return 0 end
redis.call('SET', KEYS.epoch, ARGV.new_epoch)
redis.call('SET', KEYS.seq, '0')
redis.call('SET', KEYS.layout, ARGV.layout)
redis.call('DEL', KEYS.rebuild)
return 1
