import type { BotTemplates } from '../templates.ts';

export const billing: BotTemplates = {
  botId: 'bot_billing',
  greetings: [
    'Hi, this is the billing assistant. How can I help?',
    'Welcome to Billing. Ask me about invoices, payments or your plan.',
  ],
  slots: {
    amount: ['$#4.99', '$1#9', '$3#.50', '#2 dollars', '$7.99', '£#5', '$2##.10'],
    month: ['January', 'February', 'March', 'April', 'May', 'June', 'August', 'October', 'December'],
    account: ['AC-######', '88#-####-#', '4471####'],
    card: ['Visa', 'Mastercard', 'Amex', 'debit card', 'credit card'],
    plan: ['Basic', 'Family 4', 'Unlimited Plus', 'Student', 'Business Pro'],
    date: ['the 5th', 'next Friday', 'the end of the month', 'the 15th', 'payday', 'in ten days'],
    item: [
      'international calls',
      'a premium text service',
      'a device instalment',
      'movie rentals',
      'roaming in Mexico',
      'an insurance add-on',
      'an extra data pack',
      'a magazine subscription',
    ],
    relative: ['wife', 'husband', 'mother', 'son', 'roommate', 'late father'],
  },
  asides: [
    "I've been a customer for (six|ten|almost twenty) years and this never happened.",
    'I already called (twice|three times) and nobody (could help|picked up|knew anything).',
    'My {relative} usually handles this.',
    'The app just shows a spinning wheel.',
    "I'm on a fixed income so this matters to me.",
    'I need this (sorted|fixed) before {date}.',
    'Account number is {account}.',
    'The lady in the store said to ask here.',
    'If not I will switch to another provider.',
    'It is for my tax return.',
  ],
  flows: [
    {
      weight: 9,
      steps: [
        {
          user: [
            '(Why is|How come) my {month} bill [is] {amount} (higher|more) than (usual|last month)?',
            'There is a charge of {amount} on my (bill|statement) (I do not recognize|that is not mine)',
            "What's this {amount} for?",
            'You (charged|billed) me twice in {month}',
            'I never ordered {item}, why am I paying for it?',
            'My invoice went up again, (nobody told me|without any notice)',
            "I'd like to dispute a charge for {item}",
            '(Explain|Break down) the fees on my latest invoice please',
            "It says 'service adjustment' on my bill, what does that mean?",
            'Somebody used my line for {item} and I got the bill',
            'I was promised {amount} a month but the bill says something else entirely',
          ],
          bot: [
            'I can look into that. What is your account number?',
            'Let me check the {month} invoice. Could you confirm your account number?',
            'Sorry about the surprise. Which account is it?',
          ],
        },
        {
          user: [
            '{account}',
            "It's {account}",
            'account {account}',
            'my number is {account} I think',
            "I don't have it at hand, can you use my phone number?",
            'where do I find that?',
          ],
          bot: [
            'Thanks. The {amount} is for {item}, added in {month}.',
            'I see it: {item}, {amount}. Do you want me to open a dispute?',
          ],
        },
        {
          user: [
            'Yes, dispute it',
            'I did not agree to {item}, take it off',
            'ok that makes sense, my {relative} used it',
            'Remove it and (block|disable) it for the future',
            'How long does a dispute take?',
            'that is a scam honestly',
            'Do I still have to pay the rest in the meantime?',
          ],
          bot: [
            'Done. The dispute is open; you will hear from us within 5 working days.',
            'I have removed {item} and credited {amount}. It shows on your next bill.',
          ],
        },
      ],
    },
    {
      weight: 6,
      steps: [
        {
          user: [
            'My payment (failed|was declined|did not go through)',
            'I paid {amount} but it still (shows as unpaid|says past due)',
            'The website (rejects|will not take) my {card}',
            'Payment page gives error 50#2 every time',
            'the money left my bank account but you say I owe it',
            'Can I pay with (Apple Pay|PayPal|a gift card|cash at a store)?',
            'I got a text that my last payment bounced, is that really from you or is it phishing?',
            'autopay tried an expired card and now I am being chased for money',
          ],
          bot: [
            'Sorry about that. Which payment method did you use?',
            'I see no completed payment yet. When did you pay, and how?',
          ],
        },
        {
          user: [
            'my {card}',
            'a {card} ending in 4#1#',
            'Bank transfer, (on Monday|two days ago|last week)',
            'online with my {card}, it has enough money on it',
            'through the app',
            'my {relative} paid it at the bank',
          ],
          bot: [
            'Thank you. Transfers take up to 3 working days; I have put a note on your account.',
            'The bank declined it. Please try again or use another card: I have sent you a link.',
          ],
        },
        {
          user: [
            'will my service be cut off?',
            'It worked now, (great|phew|finally)',
            'Same error with the new link',
            "I don't want a late fee because of your system",
            'send me a receipt by email please',
          ],
          bot: [
            'No, your service stays on while we look into it.',
            'All set. A confirmation is on its way to your email.',
          ],
        },
      ],
    },
    {
      weight: 6,
      steps: [
        {
          user: [
            "I can't pay the full amount this month, can I get (an extension|more time)?",
            'Is it possible to split {amount} into instalments?',
            'When is my bill due?',
            'I lost my job and need a payment plan',
            'Can you move my due date to {date}?',
            'I get paid {date}, can I pay then?',
            'what happens if I pay late',
            'Please waive the late fee, I was in hospital',
            'how much do I owe right now',
          ],
          bot: [
            'I can move the due date or set up instalments. Which do you prefer?',
            'Your balance is {amount}. I can offer an extension until {date}.',
          ],
        },
        {
          user: [
            '{date} works',
            'instalments, three if possible',
            'Extension please',
            'Would that hurt my credit score?',
            'half now, half {date}',
            'is there interest on that?',
          ],
          bot: [
            'Agreed: until {date}, free of charge.',
            'I have set up a plan of three payments. The first is due {date}.',
          ],
        },
      ],
    },
    {
      weight: 5,
      steps: [
        {
          user: [
            '(Where is|When do I get) my refund?',
            'I returned the modem in {month} and never saw the {amount} deposit again',
            'You owe me {amount}',
            'I cancelled in {month} and I am still being charged',
            'How long until a credit reaches my {card}?',
            'refund went to a closed bank account, what now',
            'I overpaid by {amount}, can that be sent back instead of kept as credit?',
          ],
          bot: [
            'Let me check. Which account is it for?',
            'I see a credit of {amount} from {month}. It was sent to your {card}.',
          ],
        },
        {
          user: [
            '{account}',
            'That card was (stolen|cancelled) last year',
            'I checked this morning, nothing there',
            'send a check to my new address instead',
            'how many business days exactly?',
          ],
          bot: [
            'It should arrive within 5 to 7 working days.',
            'I have asked our finance team to send it again by check.',
          ],
        },
      ],
    },
    {
      weight: 5,
      steps: [
        {
          user: [
            '(Switch|Upgrade|Downgrade) me to {plan}',
            'What is the difference between {plan} and what I have?',
            'Which plan is cheapest if I hardly use any data?',
            'Do you have a discount for (seniors|veterans|students|teachers)?',
            'My contract ends {date}, what can you offer me to stay?',
            'I saw an ad for {plan} at {amount}, is that for existing customers too?',
            'Can two people share the {plan} plan',
            'please add my {relative} as an authorized user on the account',
          ],
          bot: [
            '{plan} is {amount} a month. Shall I change it with the next bill?',
            'Good question. {plan} has unlimited calls; the price is {amount} a month.',
          ],
        },
        {
          user: [
            'yes change it',
            'No, too expensive',
            'from when would it apply?',
            'is there a fee for switching?',
            'does it lock me in for another (year|24 months)?',
            'keep what I have then',
          ],
          bot: [
            'It starts on your next billing date, with no fee and no new contract.',
            'Understood, nothing is changed.',
          ],
        },
      ],
    },
    {
      weight: 4,
      steps: [
        {
          user: [
            'I need a copy of my {month} invoice',
            'How do I download (all|the last twelve) invoices as PDF?',
            'stop sending me paper bills',
            'The bill has my old address and my maiden name on it',
            'Our accountant needs invoices with the VAT number on them',
            'I import your bill in a spreadsheet and get =SUM\\(B2:B9\\) as text, can you send "real" numbers, not text?',
            'change my email for the e-bill to something else',
            'set up automatic payments with my {card}',
            'turn off autopay right now',
          ],
          bot: [
            'Of course. I have sent it to the email address on file.',
            'You find that under Account > Documents. Shall I do it for you?',
          ],
        },
        {
          user: [
            'yes please do',
            'which email is that?',
            "I don't see any Documents menu",
            'got it',
            'can you do it for my other account too? {account}',
          ],
          bot: ['Done. It may take a few minutes to arrive.', 'It is done for both accounts.'],
        },
      ],
    },
    {
      weight: 1,
      language: 'es',
      steps: [
        {
          user: [
            '¿Por qué mi factura de {month} es tan alta?',
            'Hola, quiero pagar mi factura con tarjeta',
            'Me cobraron dos veces este mes',
            'Necesito una copia de mi última factura',
          ],
          bot: ['Con gusto le ayudo. ¿Cuál es su número de cuenta?', 'Lamento lo sucedido. Voy a revisar su cuenta.'],
        },
        {
          user: ['Es {account}', '{account}', 'no lo tengo a la mano'],
          bot: ['Gracias. Le enviamos la respuesta por correo hoy mismo.'],
        },
      ],
    },
  ],
};
