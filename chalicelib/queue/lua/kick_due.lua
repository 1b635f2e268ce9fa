-- Let jobs begin whose rates allow them by now. Claims do that too; this serves pools in which none runs.
--@include gate kicks wake
--@reply {epoch, seq, {pools to invoke}} | {-1} closed
if closed() then return {CLOSED} end
kick_due()
return {tonumber(epoch), seq, wake_all()}
