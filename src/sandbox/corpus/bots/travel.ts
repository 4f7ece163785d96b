import type { BotTemplates } from '../templates.ts';

export const travel: BotTemplates = {
  botId: 'bot_travel',
  greetings: [
    'Hello traveller! Flights, hotels, bags: what do you need?',
    'Hi, this is the travel desk. How can I help with your trip?',
  ],
  slots: {
    city: [
      'Lisbon',
      'Chicago',
      'Tokyo',
      'Cancún',
      'Denver',
      'Rome',
      'Nairobi',
      'Oslo',
      'Las Vegas',
      'Sydney',
      'Marrakesh',
      'Toronto',
    ],
    from: ['Boston', 'Heathrow', 'JFK', 'Frankfurt', 'Atlanta', 'Dublin'],
    flight: ['BA 2##', 'UA1##4', 'LH 4#0', 'DL ###', 'TP2##'],
    booking: ['X7K#QP', 'ZR##LM', 'PNR 4QW##T', 'H8#B2N'],
    date: ['March 4', 'the 21st', 'next Thursday', 'Christmas Eve', 'this weekend', 'May 30'],
    bag: ['suitcase', 'stroller', 'guitar', 'surfboard', 'backpack', 'golf bag'],
    who: ['my baby', 'my parents', 'a friend', 'my partner', 'a group of nine', 'our dog', 'two kids'],
    hotel: ['the Grand', 'Hotel Aurora', 'the airport hotel', 'the beach resort', 'our apartment'],
    fare: ['$1#9', '$2##', '$4#0'],
    seat: ['14A', '22F', 'an aisle seat', 'a window seat', 'the exit row'],
  },
  asides: [
    'Booking {booking}.',
    'We fly on {date}.',
    "I'm at the airport (right now|already).",
    'My phone is at 3%.',
    'I travel with {who}.',
    'Your hotline has a two hour queue.',
    'I have gold status by the way.',
    'My English is not very good, sorry.',
    'I booked through a third party website.',
    'The flight is at 6 in the morning.',
  ],
  flows: [
    {
      weight: 8,
      steps: [
        {
          user: [
            '(I need to|Can I|I want to) (change|move) my flight to {city} [to {date}]',
            'How much does it cost to change {flight}?',
            'I booked the wrong date',
            'My name is misspelled on the ticket',
            'is there an earlier flight from {from} to {city}?',
            'Can I fly back from {city} instead?',
            'We missed our connection in {from}',
            '{flight} was cancelled, what are my options?',
            'How late is {flight}?',
            'My flight was five hours late, I want compensation',
            'can I take the train to {from} and skip the first leg',
            'you moved my flight to another day without asking me',
          ],
          bot: [
            'Let me see. What is your booking reference?',
            'I am sorry. May I have the booking code and your last name?',
            'I can rebook you. Which date would you prefer?',
          ],
        },
        {
          user: [
            '{booking}',
            "it's {booking}, name Garcia",
            '{date}',
            'as soon as possible, tonight if you can',
            '{booking} / Müller',
            "I don't have a code, I booked with miles",
            'is it the one with six letters?',
          ],
          bot: [
            'There is a seat on {flight} on {date}. The change costs $40. Shall I book it?',
            'I can put you on {flight}, at no cost.',
          ],
        },
        {
          user: [
            'Yes, go ahead',
            'Why do I have to pay for your mistake?',
            'no thanks, refund me',
            'can {who} sit next to me?',
            'anything direct, without a stop in {from}?',
            'book it 🙏',
          ],
          bot: ['Rebooked. Your new ticket is in your inbox.', 'I have asked for a refund; it takes up to 7 days.'],
        },
      ],
    },
    {
      weight: 7,
      steps: [
        {
          user: [
            'How many bags can I take to {city}?',
            '(My {bag}|Our luggage) did not arrive [in {city}]',
            'Can I bring a {bag} as hand luggage?',
            'how much is an extra {bag}',
            'My {bag} is damaged, who pays for it?',
            'left my (glasses|jacket|laptop) on {flight}',
            'Is a bottle of wine allowed in the cabin?',
            'what is the weight limit, 20 or 23 kilos?',
            'can I bring insulin and needles on board',
            'where do I drop the {bag} if I checked in online',
          ],
          bot: [
            'One cabin bag of 8 kg, and one suitcase of 23 kg are included.',
            'I am sorry. Do you have the number on the baggage tag?',
            'That counts as special baggage: $60 each way.',
          ],
        },
        {
          user: [
            'the tag says 0125 4#####',
            'lost the tag',
            'is that per person?',
            '$60?? it was free last year',
            'add one please',
            'where will you deliver it?',
            'my medication is inside!',
          ],
          bot: ['Thank you. It is in {from} and arrives tonight; we deliver it to {hotel}.', 'Added to your booking.'],
        },
      ],
    },
    {
      weight: 6,
      steps: [
        {
          user: [
            "Online check-in (doesn't work|says error|is not possible)",
            'Can I get {seat}?',
            'I would like to sit together with {who}',
            'Where is my boarding pass?',
            'when does check-in open for {flight}',
            'order a vegetarian meal for {flight}',
            'Do I need a visa for {city}?',
            'my passport expires in two months, can I still travel?',
            'How early do I have to be at {from}?',
            'need a wheelchair at {from} for my grandmother',
            'can {who} travel in the cabin?',
            'upgrade to business class with points please',
          ],
          bot: [
            'Check-in opens 24 hours before departure. What is your booking code?',
            'I can do that for you. Which booking is it?',
          ],
        },
        {
          user: [
            '{booking}',
            'code is {booking}',
            'it just shows a white page',
            'how much is that',
            'Both ways please',
            '{seat} then',
          ],
          bot: ['Done. Your boarding pass is in your inbox.', 'You are now in {seat}.'],
        },
      ],
    },
    {
      weight: 5,
      steps: [
        {
          user: [
            'I have to cancel my trip to {city}',
            '(Cancel|I want to cancel) my booking at {hotel}',
            'Is my ticket refundable?',
            'My mother died and I cannot travel on {date}',
            'does the insurance pay if I have covid',
            '{hotel} says they have no reservation for us',
            'The room at {hotel} is (dirty|nothing like the photos|next to a building site)',
            'late arrival at {hotel}, around 2 am, is that ok?',
            'still waiting for my refund from {date}',
            'you refunded me a voucher but I asked for money',
          ],
          bot: [
            'I am sorry to hear that. What is the booking reference?',
            'Let me see what the fare allows. One moment.',
            'I will call {hotel} for you. Please stay here.',
          ],
        },
        {
          user: [
            '{booking}',
            'ok waiting',
            'a voucher does not help me',
            'how long does that take',
            'Then move it to {date} instead',
            'I want that in writing',
          ],
          bot: ['The refund of your fare is on its way to your card.', '{hotel} has confirmed your room.'],
        },
      ],
    },
    {
      weight: 3,
      steps: [
        {
          user: [
            'Cheapest flight from {from} to {city} (on|around) {date}?',
            "What's the weather like in {city} in spring?",
            'Is breakfast included at {hotel}?',
            'I need a rental car in {city} for three days',
            'How do I get from the airport to the centre of {city}?',
            'suggest something to do in {city} with {who}',
            'is it safe to travel to {city} right now',
            'I want to surprise {who} with a weekend in {city}, budget 800, any ideas?',
          ],
          bot: [
            'For {date} I find {flight} at {fare}. Shall I hold it for you?',
            'Happy to help! For how many people?',
          ],
        },
        {
          user: ['just me', 'two adults and {who}', 'hold it', 'a bit too expensive', 'with a pool if possible'],
          bot: ['Held until midnight.', 'I have sent you three offers.'],
        },
      ],
    },
    {
      weight: 1,
      language: 'pt',
      steps: [
        {
          user: [
            'Minha mala não chegou',
            'Quero mudar a data do meu voo',
            'Preciso cancelar a reserva do hotel',
            'Quanto custa uma mala extra?',
          ],
          bot: ['Sinto muito. Qual é o código da reserva?', 'Claro! Para qual data?'],
        },
        {
          user: ['{booking}', 'não tenho o código aqui', 'obrigada!'],
          bot: ['Pronto, enviamos a confirmação por e-mail.'],
        },
      ],
    },
  ],
};
