import type { ProblemCode } from "./problems.ts";

/** What a problem is called in the languages of both sides, and what to do about it. English titles stand in the catalogue. */
export interface ProblemTexts {
  readonly title: { readonly vi: string; readonly zh: string };
  readonly hint: { readonly en: string; readonly vi: string; readonly zh: string };
}

export const PROBLEM_TEXTS: Readonly<Record<ProblemCode, ProblemTexts>> = {
  "missing-signature": {
    title: {
      vi: "Yêu cầu không có chữ ký thông điệp HTTP của giao thức này",
      zh: "请求没有本协议的 HTTP 消息签名",
    },
    hint: {
      en: 'Sign the request after RFC 9421 with tag="baton-handoff"; the quick start shows how.',
      vi: 'Ký yêu cầu theo RFC 9421 với tag="baton-handoff"; xem phần bắt đầu nhanh.',
      zh: '按 RFC 9421 以 tag="baton-handoff" 签名请求；见快速入门。',
    },
  },
  malformed: {
    title: { vi: "Không đọc được các tiêu đề chữ ký", zh: "无法读取签名标头" },
    hint: {
      en: "Signature-Input and Signature are dictionaries of RFC 8941; compare with the signature debugger.",
      vi: "Signature-Input và Signature là từ điển theo RFC 8941; hãy so với công cụ gỡ lỗi chữ ký.",
      zh: "Signature-Input 与 Signature 是 RFC 8941 的字典；请用签名调试器比对。",
    },
  },
  "wrong-components": {
    title: { vi: "Chữ ký không bao gồm đủ các thành phần bắt buộc", zh: "签名未覆盖必需的组成部分" },
    hint: {
      en: "Cover the components that the detail names.",
      vi: "Đưa vào chữ ký các thành phần nêu trong phần chi tiết.",
      zh: "请覆盖详情中列出的组成部分。",
    },
  },
  "unknown-key": {
    title: { vi: "Không có khóa công khai nào với mã khóa này", zh: "没有此密钥编号的公钥" },
    hint: {
      en: "Enrol the key, or sign with one that is enrolled and not retired.",
      vi: "Đăng ký khóa, hoặc ký bằng khóa đã đăng ký và chưa thu hồi.",
      zh: "请登记该密钥，或使用已登记且未停用的密钥签名。",
    },
  },
  "bad-digest": {
    title: { vi: "Content-Digest không khớp với nội dung", zh: "Content-Digest 与正文不符" },
    hint: {
      en: "Make the digest over the very bytes that are sent (RFC 9530).",
      vi: "Tính giá trị băm trên đúng các byte được gửi (RFC 9530).",
      zh: "对实际发送的字节计算摘要（RFC 9530）。",
    },
  },
  "bad-signature": {
    title: { vi: "Chữ ký không khớp với yêu cầu", zh: "签名与请求不符" },
    hint: {
      en: "The signature debugger of the sandbox says which component differs.",
      vi: "Công cụ gỡ lỗi chữ ký trong môi trường thử cho biết thành phần nào khác.",
      zh: "沙箱的签名调试器会指出哪个组成部分不同。",
    },
  },
  expired: {
    title: { vi: "Chữ ký được tạo ngoài khoảng thời gian cho phép", zh: "签名的生成时间超出允许的窗口" },
    hint: {
      en: "Set the clock by NTP and sign each attempt afresh.",
      vi: "Chỉnh đồng hồ bằng NTP và ký lại mỗi lần gửi.",
      zh: "用 NTP 校准时钟，每次尝试都重新签名。",
    },
  },
  replayed: {
    title: { vi: "Đã nhận một yêu cầu với nonce này", zh: "已收到过带此 nonce 的请求" },
    hint: {
      en: "Use a fresh nonce for each attempt.",
      vi: "Dùng nonce mới cho mỗi lần gửi.",
      zh: "每次尝试使用新的 nonce。",
    },
  },
  "body-too-large": {
    title: { vi: "Nội dung vượt quá kích thước cho phép", zh: "正文超过允许的大小" },
    hint: {
      en: "A message has at most 256 KiB.",
      vi: "Một thông điệp tối đa 256 KiB.",
      zh: "一条消息最多 256 KiB。",
    },
  },
  "media-type": {
    title: { vi: "Nội dung phải là application/json", zh: "正文必须是 application/json" },
    hint: { en: "Send application/json.", vi: "Gửi application/json.", zh: "请发送 application/json。" },
  },
  "invalid-message": {
    title: { vi: "Thông điệp không đúng lược đồ", zh: "消息不符合其模式" },
    hint: {
      en: "Compare with the schema in the API reference; the detail says where it differs.",
      vi: "So với lược đồ trong tài liệu API; phần chi tiết nêu chỗ khác.",
      zh: "请对照 API 文档中的模式；详情指出不同之处。",
    },
  },
  "unknown-message-type": {
    title: { vi: "Không biết loại thông điệp này", zh: "未知的消息类型" },
    hint: {
      en: "Ask which version of the protocol the other side speaks.",
      vi: "Hỏi phía bên kia dùng phiên bản giao thức nào.",
      zh: "请询问对方使用的协议版本。",
    },
  },
  "wrong-recipient": {
    title: {
      vi: "Thông điệp không phải của đối tác gửi cho bên này về lượt bàn giao này",
      zh: "该消息并非伙伴就此次交接发给本方的",
    },
    hint: {
      en: "`from`, `to` and `handoffId` must be the sender, the receiver and the id in the address.",
      vi: "`from`, `to` và `handoffId` phải là bên gửi, bên nhận và mã trong địa chỉ.",
      zh: "`from`、`to` 与 `handoffId` 必须是发送方、接收方和地址中的编号。",
    },
  },
  "wrong-direction": {
    title: { vi: "Hướng được đề nghị không dẫn vào địa phận bên này", zh: "所提方向并非进入本方地界" },
    hint: {
      en: "Offer only what leaves your ground.",
      vi: "Chỉ đề nghị những gì rời địa phận của bạn.",
      zh: "只提交离开贵方地界的交接。",
    },
  },
  "mode-not-served": {
    title: {
      vi: "Bên này không bàn giao theo cách đó tại điểm bàn giao đó",
      zh: "本方在该交接点不以此方式交接",
    },
    hint: {
      en: "Offer control-passes, or a hand-off point that both sites have with a transfer device.",
      vi: "Đề nghị control-passes, hoặc một điểm bàn giao mà cả hai bên đều có thiết bị chuyển container.",
      zh: "请提交 control-passes，或双方均设有换装设备的交接点。",
    },
  },
  "handoff-unknown": {
    title: { vi: "Không có lượt bàn giao nào với mã này", zh: "没有此编号的交接" },
    hint: {
      en: "Begin with an offer.",
      vi: "Bắt đầu bằng một đề nghị (offer).",
      zh: "请先发出要约（offer）。",
    },
  },
  "route-unknown": {
    title: { vi: "Không có gì ở địa chỉ này", zh: "此地址没有内容" },
    hint: {
      en: "The API reference is under /docs.",
      vi: "Tài liệu API ở /docs.",
      zh: "API 文档位于 /docs。",
    },
  },
  "message-conflict": {
    title: {
      vi: "Một thông điệp khác đã dùng mã này, hoặc bước này đã được nói khác",
      zh: "此编号已用于另一条消息，或该步骤已有不同内容",
    },
    hint: {
      en: "Repeat a message unchanged, or end the hand-off.",
      vi: "Lặp lại thông điệp nguyên vẹn, hoặc kết thúc lượt bàn giao.",
      zh: "请原样重发消息，或结束该次交接。",
    },
  },
  "out-of-phase": {
    title: { vi: "Lượt bàn giao không ở giai đoạn của thông điệp này", zh: "交接不处于此消息所属的阶段" },
    hint: {
      en: "Read the hand-off's phase with GET /partner/v1/handoffs/{handoffId}.",
      vi: "Xem giai đoạn bằng GET /partner/v1/handoffs/{handoffId}.",
      zh: "用 GET /partner/v1/handoffs/{handoffId} 查看阶段。",
    },
  },
  "witness-not-seen": {
    title: {
      vi: "Bên này chưa thấy thanh ghi điều khiển của xe chuyển sang",
      zh: "本方尚未看到车辆控制寄存器切换",
    },
    hint: {
      en: "Send the same message again after a moment.",
      vi: "Gửi lại đúng thông điệp đó sau giây lát.",
      zh: "稍后重发同一条消息。",
    },
  },
  "custody-disagrees": {
    title: { vi: "Biên bản giao nhận không khớp với những gì bên này biết", zh: "交接记录与本方所知不符" },
    hint: {
      en: "The detail names the member that differs; a person has to look.",
      vi: "Phần chi tiết nêu mục khác nhau; cần người xem xét.",
      zh: "详情指出不同的字段；需要人工处理。",
    },
  },
  "too-many-messages": {
    title: { vi: "Lượt bàn giao đã nhận đủ số thông điệp cho phép", zh: "该交接的消息数量已达上限" },
    hint: {
      en: "Do not invent new message ids for repeated steps.",
      vi: "Không tạo mã thông điệp mới cho bước lặp lại.",
      zh: "重复步骤时不要使用新的消息编号。",
    },
  },
  "too-many-requests": {
    title: {
      vi: "Địa chỉ này gửi nhiều yêu cầu hơn mức cho phép trong một phút",
      zh: "该地址一分钟内的请求数超过上限",
    },
    hint: {
      en: "Wait as long as the detail says, then send the same message again.",
      vi: "Chờ đúng thời gian nêu trong phần chi tiết rồi gửi lại thông điệp đó.",
      zh: "请按详情所示时间等待，然后重发同一条消息。",
    },
  },
  "not-durable": {
    title: { vi: "Không lưu được thông điệp; không có gì thay đổi", zh: "消息未能保存；一切未变" },
    hint: { en: "Send the same message again.", vi: "Gửi lại đúng thông điệp đó.", zh: "请重发同一条消息。" },
  },
  "version-unknown": {
    title: { vi: "Phiên bản API này không được hỗ trợ", zh: "不支持此 API 版本" },
    hint: {
      en: "Leave out Baton-Api-Version, or send one that the answer names.",
      vi: "Bỏ Baton-Api-Version, hoặc gửi phiên bản nêu trong câu trả lời.",
      zh: "请省略 Baton-Api-Version，或发送答复中列出的版本。",
    },
  },
  "key-unproven": {
    title: { vi: "Bằng chứng không cho thấy khóa mới là của bạn", zh: "证明未能表明新密钥属于贵方" },
    hint: {
      en: "Sign the text of the API reference with the new private key.",
      vi: "Ký văn bản nêu trong tài liệu API bằng khóa riêng mới.",
      zh: "用新的私钥签署 API 文档中规定的文本。",
    },
  },
  "key-conflict": {
    title: { vi: "Mã khóa này đã thuộc về khóa khác", zh: "此密钥编号已属于另一密钥" },
    hint: { en: "Choose another kid.", vi: "Chọn kid khác.", zh: "请选用其他 kid。" },
  },
  "last-key": {
    title: { vi: "Không thể thu hồi khóa cuối cùng", zh: "最后一个密钥不能停用" },
    hint: {
      en: "Enrol the next key first, and retire the old one with a request that the next one signed.",
      vi: "Đăng ký khóa kế tiếp trước, rồi thu hồi khóa cũ bằng yêu cầu ký bởi khóa mới.",
      zh: "先登记下一密钥，再用新密钥签名的请求停用旧密钥。",
    },
  },
  "key-unknown": {
    title: { vi: "Bạn không có khóa nào với mã này", zh: "贵方没有此编号的密钥" },
    hint: {
      en: "List your keys with GET /partner/v1/keys.",
      vi: "Liệt kê khóa bằng GET /partner/v1/keys.",
      zh: "用 GET /partner/v1/keys 列出密钥。",
    },
  },
  "webhook-unknown": {
    title: { vi: "Không có webhook nào với mã này", zh: "没有此编号的 webhook" },
    hint: {
      en: "List them with GET /partner/v1/webhooks.",
      vi: "Liệt kê bằng GET /partner/v1/webhooks.",
      zh: "用 GET /partner/v1/webhooks 列出。",
    },
  },
  "too-many-webhooks": {
    title: { vi: "Không thể thêm webhook", zh: "不能再增加 webhook" },
    hint: {
      en: "Remove one that is not used any more.",
      vi: "Xóa webhook không còn dùng.",
      zh: "请删除不再使用的 webhook。",
    },
  },
  "events-gone": {
    title: { vi: "Các sự kiện cũ như vậy không còn được lưu", zh: "如此久远的事件已不再保存" },
    hint: {
      en: "Read the state with GET /partner/v1/handoffs and go on from the sequence number in the detail.",
      vi: "Đọc trạng thái bằng GET /partner/v1/handoffs và tiếp tục từ số thứ tự trong phần chi tiết.",
      zh: "用 GET /partner/v1/handoffs 读取状态，并从详情中的序号继续。",
    },
  },
  internal: {
    title: { vi: "Có lỗi ở bên này", zh: "本方出现错误" },
    hint: {
      en: "Send the same message again; if it stays, call the other side.",
      vi: "Gửi lại đúng thông điệp đó; nếu vẫn lỗi, hãy gọi bên kia.",
      zh: "请重发同一条消息；如仍失败，请致电对方。",
    },
  },
};
