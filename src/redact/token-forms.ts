// Forms of keys and tokens that secretlint's rules leave out, for whoever takes secrets out of texts or keeps them from
// being pushed. Each is so particular that little else looks like it, and takes time in proportion to the text.
// Sources: the providers' documentation of their token formats.

export type TokenForm = Readonly<{ what: string; pattern: RegExp }>;

export const TOKEN_FORMS: readonly TokenForm[] = [
  { what: 'an AWS access key', pattern: /\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}\b/g },
  { what: 'a PuTTY private key', pattern: /PuTTY-User-Key-File-\d: [\w-]+\r?\n/g },
  { what: 'an age key', pattern: /\bAGE-SECRET-KEY-1[02-9AC-HJ-NP-Z]{58}\b/g },
  { what: 'a Google API key', pattern: /\bAIza[\w-]{35}(?![\w-])/g },
  { what: 'a Google OAuth secret', pattern: /\bGOCSPX-[\w-]{28}(?![\w-])/g },
  { what: 'a PyPI token', pattern: /\bpypi-AgE[\w-]{50,}/g },
  { what: 'a GitHub token', pattern: /\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_\w{60,})\b/g },
  { what: 'a GitLab token', pattern: /\bgl(?:pat|ptt|dt|rt|cbt|soat|ft|imt|agent)-[\w-]{20,}/g },
  { what: 'a Slack token', pattern: /\bxox[abeoprs]-(?:\d{6,}-)[\w-]{16,}/g },
  { what: 'a Stripe key', pattern: /\b[rs]k_live_[A-Za-z0-9]{16,}/g },
  { what: 'an Anthropic key', pattern: /\bsk-ant-(?:api|admin|oat)\d\d-[\w-]{24,}/g },
  { what: 'an OpenAI key', pattern: /\bsk-(?:proj|svcacct|admin|or-v1|None)-[\w-]{32,}/g },
  { what: 'a Hugging Face token', pattern: /\bhf_[A-Za-z0-9]{34,}\b/g },
  { what: 'a DigitalOcean token', pattern: /\bdo[opr]_v1_[a-f0-9]{64}\b/g },
  { what: 'a Twilio key', pattern: /\bSK[0-9a-f]{32}\b/g },
  { what: 'an Azure storage key', pattern: /\bAccountKey=[A-Za-z0-9+/]{80,}={0,2}/g },
  { what: 'an Azure client secret', pattern: /\b[\w~.-]{3}\dQ~[\w~.-]{31,34}/g },
  { what: 'a Discord webhook', pattern: /discord(?:app)?\.com\/api\/webhooks\/\d{17,20}\/[\w-]{60,}/g },
  { what: 'a Telegram bot token', pattern: /\b\d{8,10}:AA[\w-]{33}(?![\w-])/g },
  { what: 'a Terraform token', pattern: /\b[A-Za-z0-9]{14}\.atlasv1\.[\w-]{60,}/g },
  { what: 'a Doppler token', pattern: /\bdp\.(?:pt|st|ct|sa|scim|audit)\.[A-Za-z0-9.]{40,}/g },
  { what: 'an Atlassian token', pattern: /\bATATT3[\w=-]{60,}/g },
  { what: 'a New Relic key', pattern: /\bNRAK-[A-Z0-9]{27}\b/g },
  { what: 'a Sentry token', pattern: /\bsntr(?:ys|yu)_[\w=+/]{40,}/g },
  {
    what: 'a Square token',
    pattern: /(?<![\w+/=-])(?:EAAA[\w-]{60}|sq0(?:atp|csp)-[\w-]{22,43})(?![\w+/=-])/g,
  },
  { what: 'a Postman key', pattern: /\bPMAK-[a-f0-9]{24}-[a-f0-9]{34}\b/g },
  { what: 'a Linear key', pattern: /\blin_(?:api|oauth)_[A-Za-z0-9]{32,}\b/g },
  { what: 'a Notion token', pattern: /\bntn_[A-Za-z0-9]{40,}\b/g },
  { what: 'a SendGrid key', pattern: /\bSG\.[\w-]{20,24}\.[\w-]{39,50}(?![\w-])/g },
  { what: 'a Databricks token', pattern: /\bdapi[0-9a-f]{32}\b/g },
  { what: 'a Vault token', pattern: /\bhv[sb]\.[\w-]{90,}/g },
  { what: 'a Shopify token', pattern: /\bshp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}\b/g },
  { what: 'a Grafana token', pattern: /\bgl(?:c|sa)_[A-Za-z0-9+/]{32,}={0,2}/g },
  { what: 'a Docker token', pattern: /\bdckr_pat_[\w-]{27,}/g },
  { what: 'an xAI or Groq key', pattern: /\b(?:xai-[A-Za-z0-9]{70,}|gsk_[A-Za-z0-9]{48,})\b/g },
  {
    // The beginning of the DER forms (RFC 5208, RFC 8017, RFC 5915), which public keys do not share.
    what: 'a private key',
    pattern:
      /\b(?:MII[A-Za-z0-9]{2}[A-Za-z0-9+/]IBADANBgkqhkiG9w0BAQEFAASC|MII[A-Za-z0-9]{2}[A-Za-z0-9+/]IBAAKC[AB][A-Za-z0-9+/]{2}[A-Za-z0-9+/]{40}|MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg|MHcCAQEEI|MC4CAQAwBQYDK2VwBCIEI|b3BlbnNzaC1rZXktdjEA)[A-Za-z0-9+/=]{30,}/g,
  },
];
