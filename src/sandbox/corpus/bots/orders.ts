import type { BotTemplates } from '../templates.ts';

export const orders: BotTemplates = {
  botId: 'bot_orders',
  greetings: [
    'Hi! Order help here. Do you have an order number?',
    'Welcome back! Ask me about orders, returns and delivery.',
  ],
  slots: {
    order: ['#10####', 'W-55####', '20####-A', '77#####'],
    item: [
      'running shoes',
      'desk lamp',
      'coffee machine',
      'winter jacket',
      'phone case',
      'garden hose',
      'yoga mat',
      'headphones',
      'set of wine glasses',
      'cat tree',
      'bookshelf',
      'dress',
      'air fryer',
      'backpack',
    ],
    colour: ['black', 'navy', 'olive green', 'red', 'beige', 'white'],
    size: ['S', 'M', 'L', 'XL', '38', '42', '9.5'],
    when: ['Monday', 'yesterday', 'last week', 'two weeks ago', 'the 3rd', 'before Christmas'],
    carrier: ['UPS', 'DHL', 'FedEx', 'the post', 'your driver'],
    place: [
      "my neighbour's porch",
      'the back door',
      'a locker',
      'my office',
      'the wrong building',
      'the bin, of all places',
    ],
    code: ['WELCOME10', 'SPRING', 'FREESHIP', 'BF2#', 'VIP-##'],
    event: ['a birthday on Saturday', 'our wedding', 'a trip', 'the first day of school', "my mother's anniversary"],
  },
  asides: [
    'I need it for {event}.',
    "It's a gift.",
    'I ordered on {when}.',
    'Never had trouble with you before.',
    'Your competitor delivers in one day, just saying.',
    'The tracking link leads to an empty page.',
    "I've attached a photo.",
    'I still have the (box|receipt|packaging).',
    'Order number {order}.',
    'Please answer in writing, I am hard of hearing.',
  ],
  flows: [
    {
      weight: 10,
      steps: [
        {
          user: [
            "(Where is|Where's) my (order|package|parcel)?",
            'My {item} (has not arrived|never came|is late)',
            'Tracking says delivered but I got nothing',
            'Order {order} is stuck in customs',
            'when will my {item} (ship|be here|arrive)?',
            '{carrier} left it at {place}',
            'It says out for delivery since {when}',
            'I only received half of my order',
            'Has my order been shipped yet? I ordered on {when}',
            'tracking number does not work on the {carrier} site',
            'will it come today? I have to leave at noon',
            'the parcel was stolen from {place}',
          ],
          bot: [
            'Let me look it up. What is the order number?',
            'I can check with {carrier}. Which order is it?',
            'Sorry for the wait. May I have the order number or your email?',
          ],
        },
        {
          user: [
            '{order}',
            "it's {order}",
            'order no. {order}',
            'where can I find the order number?',
            'I checked out as a guest, no number',
            'look under my email address',
          ],
          bot: [
            'Thanks. The {item} left our warehouse on {when} and should arrive within two days.',
            '{carrier} reports it as delivered to {place}. Did you look there?',
          ],
        },
        {
          user: [
            'Nothing at {place}',
            'found it, thanks!',
            'Then send a new one',
            'I would rather have my money back',
            'two days is too late for {event}',
            'can I pick it up at the depot?',
            'ok I will wait',
          ],
          bot: [
            'I have ordered a replacement by express, free of charge.',
            'Understood. The refund of the full price is on its way.',
          ],
        },
      ],
    },
    {
      weight: 8,
      steps: [
        {
          user: [
            '(I want to|How do I|Can I) return (my|the) {item}',
            'The {item} (is broken|arrived damaged|has a crack)',
            'You sent me the wrong {item}, I ordered {colour}',
            "It doesn't fit, can I exchange it for a size {size}?",
            'I threw away the box, can I still send it back?',
            'how many days do I have for a return',
            'the {item} stopped working after three uses',
            'Ordered {colour}, got something completely different',
            'Return label (does not print|is missing from the box)',
            'part 7 is missing from the {item} kit, and two screws',
            'The {item} smells of chemicals, is that normal?',
            'i sent it back {when} and still no refund',
          ],
          bot: [
            'I am sorry. Would you like a replacement or a refund?',
            'You have 30 days. What is the reason for the return?',
            'That should not happen. Which order is it?',
          ],
        },
        {
          user: [
            'refund',
            'a replacement please',
            'Exchange for {size} in {colour}',
            '{order}',
            'it looks nothing like the picture',
            'changed my mind, sorry',
            'who pays for the shipping?',
            'store credit is fine too',
          ],
          bot: ['I have emailed you a free return label.', 'The replacement ships today; keep the old one.'],
        },
        {
          user: [
            "I don't have a printer",
            'can {carrier} pick it up?',
            'Great service, thank you',
            'when do I see the money',
            'no email yet',
          ],
          bot: [
            'Show the QR code at any drop-off point; no printing needed.',
            'The refund takes 3 to 5 days after we get the parcel.',
          ],
        },
      ],
    },
    {
      weight: 6,
      steps: [
        {
          user: [
            'Cancel order {order}',
            'I ordered the same {item} twice by mistake',
            'Can I change the delivery address? I moved',
            'need to change the size to {size} before it ships',
            'please deliver after 6 pm, nobody home before',
            'Add a gift note to my order: "Happy birthday, Tom"',
            'I typed the wrong email when ordering',
            'combine my two orders into one shipment',
            'the checkout took my money three times',
          ],
          bot: [
            'It has not left yet, so I can still change it. Which order?',
            'Let me see whether it is still in the warehouse.',
          ],
        },
        {
          user: ['{order}', 'the last one', '{order}, the {item}', 'hurry before it ships', 'both of them'],
          bot: [
            'Done. You will get an updated confirmation.',
            'It has just left the warehouse. You can refuse the parcel, and we refund it.',
          ],
        },
      ],
    },
    {
      weight: 5,
      steps: [
        {
          user: [
            'Is the {item} (back in stock|available) in {colour}?',
            'My code {code} (does not work|is not accepted|says expired)',
            'Do you price match?',
            'do you ship to (Canada|Ireland|Hawaii|an army base)',
            'What is the warranty on the {item}?',
            'how many points do I have',
            'Will there be a sale on the {item}?',
            'The page says {size} is sold out, when do you get more',
            'Is the {item} dishwasher safe?',
            'can I buy spare parts for the {item}',
          ],
          bot: [
            'Let me check that for you. Which colour and size?',
            'The code works for orders over $50. What is in your cart?',
          ],
        },
        {
          user: [
            '{colour}, {size}',
            'size {size}',
            'the cart is at $4#',
            'notify me when it is back',
            'forget it, I will look elsewhere',
          ],
          bot: ['It will be back next week; I will email you.', 'I have applied it for you.'],
        },
      ],
    },
    {
      weight: 1,
      language: 'es',
      steps: [
        {
          user: [
            '¿Dónde está mi pedido?',
            'Quiero devolver un producto que llegó roto',
            'Mi paquete no ha llegado todavía',
            '¿Puedo cambiar la dirección de entrega?',
          ],
          bot: ['¿Me da su número de pedido, por favor?', 'Lo siento mucho. Voy a revisarlo.'],
        },
        { user: ['{order}', 'no sé dónde está el número', 'gracias'], bot: ['Llega mañana antes de las 20:00.'] },
      ],
    },
  ],
};
