import type { BotTemplates } from '../templates.ts';

export const appointments: BotTemplates = {
  botId: 'bot_appointments',
  greetings: [
    'Riverside Clinic, appointments. What can I do for you?',
    'Hello, I can book, move or cancel your visit. What do you need?',
  ],
  slots: {
    visit: [
      'check-up',
      'cleaning',
      'blood test',
      'physio session',
      'eye exam',
      'vaccination',
      'root canal',
      'skin check',
      'ultrasound',
      'follow-up',
    ],
    day: [
      'Monday',
      'Tuesday',
      'Wednesday',
      'Thursday',
      'Friday',
      'tomorrow',
      'the 12th',
      'next week',
      'the 3rd of June',
    ],
    time: ['9 am', '10:30', 'noon', '2 pm', '4:15', 'after work', 'first thing in the morning'],
    doctor: ['Dr. Patel', 'Dr. Nguyen', 'Dr. Okafor', 'Dr. Smith', 'Dr. Lindqvist', 'the nurse'],
    who: ['my daughter', 'my son', 'my mum', 'my husband', 'me and my wife', 'my 4-year-old', 'my grandfather'],
    reason: [
      'a fever',
      'a toothache',
      'back pain',
      'a rash',
      'an ear infection',
      'a broken filling',
      'a sore throat',
      'dizziness',
      'a swollen knee',
      'migraines',
    ],
    medicine: ['blood pressure tablets', 'insulin', 'the pill', 'my inhaler', 'antibiotics', 'thyroid medication'],
    insurer: ['Aetna', 'BlueCross', 'Cigna', 'Medicare', 'my travel insurance', 'my employer'],
  },
  asides: [
    "It's quite urgent.",
    'No rush though.',
    'I will need a wheelchair ramp.',
    "I'm a new patient.",
    '{doctor} told me to book within (two weeks|a month).',
    'It hurts more at night.',
    'I am a bit scared of (needles|dentists) to be honest.',
    'Please no calls, only text messages.',
    'I only have time at {time}.',
    'It is for {who}.',
  ],
  flows: [
    {
      weight: 9,
      steps: [
        {
          user: [
            '(I need|I would like|Can I get) an appointment for a {visit}',
            'Book a {visit} (on|for) {day} [at {time}]',
            'is {doctor} free on {day}?',
            '{who} has {reason}, can you see us today?',
            "What's the next available slot with {doctor}?",
            'I have {reason} and need to see somebody (quickly|as soon as possible)',
            'Do you take walk-ins for a {visit}?',
            'want to register as a new patient',
            'Can I do a video consultation instead of coming in?',
            'two appointments in a row for {who} please',
            'how long is the waiting list for a {visit}',
          ],
          bot: [
            'Certainly. Which day suits you?',
            '{doctor} has time on {day} at {time}. Does that work?',
            'I am sorry to hear that. The first free slot is {day} at {time}.',
          ],
        },
        {
          user: [
            '{day} at {time}',
            'yes, that works',
            'anything (earlier|later)?',
            '{time} is too (early|late) for me',
            'Any day but {day}',
            'I would rather see a female doctor',
            'perfect, book it',
          ],
          bot: ['What name shall I book it under?', 'Noted: {visit}, {day}, {time}. May I have the date of birth?'],
        },
        {
          user: [
            'Jane Murphy',
            "It's O'Brien, with an apostrophe",
            '12/0#/198#',
            'under {who}, same surname',
            'you should have all my details already',
            'Do I need to bring anything?',
          ],
          bot: [
            'Booked: {visit} on {day} at {time}. You will get a reminder the day before.',
            'All set. Please come ten minutes early and bring your insurance card.',
          ],
        },
      ],
    },
    {
      weight: 7,
      steps: [
        {
          user: [
            '(I have to|I need to|Can I) (move|reschedule|change) my {visit} on {day}',
            "I can't make it {day}",
            'Please cancel my appointment [with {doctor}]',
            'running late, my bus broke down',
            'I forgot when my {visit} is',
            'Missed my appointment {day}, do I have to pay for it?',
            'something came up at work, can we do {day} instead',
            'Did you cancel on me? I got a strange text message',
            'swap my slot with the one {who} has',
          ],
          bot: [
            'No problem. I see a {visit} on {day} at {time}. What would you like instead?',
            'Found it. Shall I cancel it, or move it?',
          ],
        },
        {
          user: [
            'cancel it',
            'move it to {day}',
            '{day}, {time} or later',
            'Is there a cancellation fee?',
            'the week after, same time',
            'leave it as it is, sorry for the bother',
            'Put me on the waiting list in case something earlier opens up',
          ],
          bot: ['Done: it is now on {day} at {time}.', 'It is cancelled, free of charge.'],
        },
      ],
    },
    {
      weight: 5,
      steps: [
        {
          user: [
            'I need a refill for {medicine}',
            'My prescription for {medicine} has run out',
            'the pharmacy says you never sent the prescription',
            'Can {doctor} prescribe {medicine} without a visit?',
            'Are my (test|lab|x-ray) results back?',
            'What do my results mean? It says "borderline", underlined',
            'send the results to my other doctor please',
            'Is it safe to take ibuprofen with {medicine}?',
            'need a sick note for work since I have {reason}',
          ],
          bot: [
            'I can pass that on to {doctor}. Which pharmacy do you use?',
            'I cannot give medical advice here, but a nurse can call you back. Shall I arrange it?',
          ],
        },
        {
          user: [
            'the one on Main Street',
            'same as always',
            'yes a call back would be good',
            'when will they call?',
            "no, I'll ask the pharmacist",
            'I run out on {day}!',
          ],
          bot: ['Sent. It is usually ready after 4 pm.', 'A nurse will call you before 6 pm today.'],
        },
      ],
    },
    {
      weight: 5,
      steps: [
        {
          user: [
            'What are your opening hours (on Saturdays|on {day}|over Christmas)?',
            'Where do I park?',
            'How do I get there by bus from the station?',
            'Do you accept {insurer}?',
            'How much is a {visit} without insurance?',
            'Which floor is {doctor} on',
            'can I bring my dog to the clinic? He is a service dog',
            'do I have to wear a mask',
            'Do I have to fast before the {visit}?',
            'is there somebody who speaks Polish?',
          ],
          bot: [
            'We are open from 8 am to 6 pm on weekdays, and until noon on Saturdays.',
            'Yes, that is fine. Is there anything else you want to know?',
            'You find that in the letter that we sent; I can text it to you as well.',
          ],
        },
        {
          user: ['and on {day}?', 'text it please', 'no that was all', 'is parking free?', 'what about {insurer}'],
          bot: ['I have sent it to your phone.', 'Yes.', 'The first hour is free.'],
        },
      ],
    },
    {
      weight: 1,
      language: 'fr',
      steps: [
        {
          user: [
            'Bonjour, je voudrais prendre rendez-vous avec {doctor}',
            'Je dois annuler mon rendez-vous de demain',
            'Est-ce que vous êtes ouverts samedi ?',
            "Mon fils a de la fièvre, c'est urgent",
          ],
          bot: [
            'Bien sûr. Quel jour vous conviendrait ?',
            'Je regarde tout de suite. Quel est votre nom, s’il vous plaît ?',
          ],
        },
        {
          user: ['Jeudi matin si possible', 'Dupont', 'Merci, à bientôt'],
          bot: ["C'est noté. Vous recevrez un rappel."],
        },
      ],
    },
  ],
};
