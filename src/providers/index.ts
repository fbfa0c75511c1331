import { HookcliError } from '../core/errors.ts';
import { nearest } from '../core/nearest.ts';
import type { Provider } from '../core/types.ts';
import adyen from './adyen.ts';
import airtable from './airtable.ts';
import asana from './asana.ts';
import bitbucket from './bitbucket.ts';
import box from './box.ts';
import braintree from './braintree.ts';
import calendly from './calendly.ts';
import circleci from './circleci.ts';
import clerk from './clerk.ts';
import cloudflare from './cloudflare.ts';
import coinbase from './coinbase.ts';
import contentful from './contentful.ts';
import discord from './discord.ts';
import docusign from './docusign.ts';
import dropbox from './dropbox.ts';
import figma from './figma.ts';
import generic from './generic.ts';
import github from './github.ts';
import gitlab from './gitlab.ts';
import heroku from './heroku.ts';
import hubspot from './hubspot.ts';
import intercom from './intercom.ts';
import lemonsqueezy from './lemonsqueezy.ts';
import line from './line.ts';
import linear from './linear.ts';
import mailgun from './mailgun.ts';
import meta from './meta.ts';
import monday from './monday.ts';
import mux from './mux.ts';
import netlify from './netlify.ts';
import notion from './notion.ts';
import openai from './openai.ts';
import paddle from './paddle.ts';
import pagerduty from './pagerduty.ts';
import paypal from './paypal.ts';
import plaid from './plaid.ts';
import quickbooks from './quickbooks.ts';
import razorpay from './razorpay.ts';
import resend from './resend.ts';
import sendgrid from './sendgrid.ts';
import sentry from './sentry.ts';
import shopify from './shopify.ts';
import slack from './slack.ts';
import square from './square.ts';
import standardWebhooks from './standard-webhooks.ts';
import stripe from './stripe.ts';
import svix from './svix.ts';
import telegram from './telegram.ts';
import trello from './trello.ts';
import twilio from './twilio.ts';
import twitch from './twitch.ts';
import typeform from './typeform.ts';
import vercel from './vercel.ts';
import workos from './workos.ts';
import x from './x.ts';
import xero from './xero.ts';
import zendesk from './zendesk.ts';
import zoom from './zoom.ts';

/** Every provider, in the order they are listed to people. */
export const providers: readonly Provider[] = [
  stripe,
  github,
  gitlab,
  paypal,
  slack,
  discord,
  notion,
  airtable,
  vercel,
  netlify,
  cloudflare,
  telegram,
  standardWebhooks,
  svix,
  shopify,
  twilio,
  square,
  linear,
  zoom,
  paddle,
  intercom,
  meta,
  sendgrid,
  mailgun,
  dropbox,
  typeform,
  calendly,
  hubspot,
  twitch,
  bitbucket,
  sentry,
  workos,
  clerk,
  resend,
  lemonsqueezy,
  adyen,
  mux,
  line,
  x,
  asana,
  contentful,
  braintree,
  plaid,
  docusign,
  heroku,
  circleci,
  pagerduty,
  trello,
  box,
  zendesk,
  monday,
  figma,
  openai,
  coinbase,
  razorpay,
  xero,
  quickbooks,
  generic,
];

const byId = new Map(providers.map((provider) => [provider.id, provider]));

let registered = 0;

/**
 * Makes a further provider known to this process, before the others: who declares one means it.
 *
 * @throws HookcliError `taken-provider` when there is one of that id
 */
export function registerProvider(provider: Provider): void {
  const { id } = provider;
  if (byId.has(id)) {
    throw new HookcliError('taken-provider', `There is a provider "${id}" already.`, {
      hint: 'Give it another id. Those that are taken: hookcli providers',
    });
  }
  byId.set(id, provider);
  (providers as Provider[]).splice(registered++, 0, provider);
}

export const findProvider = (id: string): Provider | undefined => byId.get(id);

/**
 * The provider with this id.
 *
 * @throws HookcliError `unknown-provider`, naming the nearest ones
 */
export function getProvider(id: string): Provider {
  const provider = byId.get(id);
  if (provider !== undefined) return provider;
  const [guess] = nearest(id, [...byId.keys()]);
  throw new HookcliError('unknown-provider', `There is no provider "${id}".`, {
    hint:
      guess === undefined
        ? 'See all of them with: hookcli providers'
        : `Did you mean "${guess}"? All of them: hookcli providers`,
  });
}
