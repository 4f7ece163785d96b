import type { BotTemplates } from '../templates.ts';

export const internet: BotTemplates = {
  botId: 'bot_internet_support',
  greetings: [
    'Hello! I help with internet, wifi and TV. What is going wrong?',
    'Hi, technical support here. Tell me what happens and since when.',
  ],
  slots: {
    since: [
      'this morning',
      'last night',
      'yesterday',
      'Sunday',
      'the storm',
      'about an hour ago',
      'you upgraded my line',
      'I moved the router',
    ],
    device: [
      'laptop',
      'iPhone',
      'smart TV',
      'PlayStation',
      'work computer',
      'printer',
      'Alexa',
      'doorbell camera',
      'tablet',
      'thermostat',
    ],
    light: ['red', 'orange', 'blinking white', 'blinking green', 'solid red', 'off'],
    speed: ['3', '8', '12', '0.5', '20', '40'],
    plan: ['100', '250', '500', '1000'],
    room: ['bedroom', 'basement', 'kitchen', 'garage', 'upstairs office', 'garden'],
    zip: ['97###', '606##', '1002#', '733##'],
    app: ['Netflix', 'Zoom', 'Fortnite', 'YouTube', 'Teams', 'Disney+', 'Twitch'],
    model: ['TX-90', 'HomeHub 3', 'AX1800', 'the black one', 'the white tower'],
  },
  asides: [
    'I work from home and (have a meeting|need it) in ten minutes.',
    'Already restarted everything.',
    'My neighbour has the same (problem|issue).',
    'The kids are going crazy.',
    "I'm writing this from my phone's data.",
    'Third time this (week|month).',
    'I am not very technical, sorry.',
    'Nothing changed on my side.',
    'We pay for {plan} Mbps.',
    'A technician was here (last week|in spring) and said it was fine.',
  ],
  flows: [
    {
      weight: 10,
      steps: [
        {
          user: [
            '(My internet|The internet|Our connection) (is down|stopped working|is dead) since {since}',
            'No internet',
            'I have wifi but no internet on my {device}',
            'The router light is {light} and nothing works',
            'Is there an outage in {zip}?',
            'connection drops every (few minutes|hour|evening)',
            'Nothing loads on any device since {since}',
            'whole street is offline, when will it be back?',
            'after {since} the modem never came back on',
            'Your status page says everything is fine. It is not.',
            'lost connection in the middle of a job interview, thanks a lot',
            'Do I get money back for the days without internet?',
          ],
          bot: [
            'Sorry to hear that. Which colour is the light on the router?',
            "Let's find out. Please unplug the router for 30 seconds, then tell me what the light does.",
            'What is your zip code? I will check for outages.',
          ],
        },
        {
          user: [
            '{light}',
            "it's {light}",
            'The light is {light} now, it was green before',
            'I did that already, twice',
            'done, still nothing',
            '{zip}',
            'there are four lights, which one do you mean?',
            'ok give me a second\nunplugging it now',
            "I can't reach it, it is behind a heavy cupboard",
          ],
          bot: [
            'Thanks. I see a fault on the line near you; we expect it fixed by 6 pm.',
            'The line test looks fine. Let me reset the port; it takes two minutes.',
            'That means it has no signal. Is the cable screwed in firmly?',
          ],
        },
        {
          user: [
            "It's back! (thank you|amazing|you're a star)",
            'nope, same thing',
            'The cable was loose 🤦',
            'can you text me when it is fixed?',
            'Then send somebody out',
            'By 6 pm?? that is not acceptable',
            'one device works and the {device} does not',
          ],
          bot: [
            'Glad it works again.',
            'I have booked a technician for tomorrow between 8 and 12.',
            'I will text you as soon as it is fixed.',
          ],
        },
      ],
    },
    {
      weight: 7,
      steps: [
        {
          user: [
            'Internet is (so|super|really) slow',
            'I pay for {plan} Mbps and get {speed}',
            'Speed test shows {speed} down on my {device}',
            '{app} keeps buffering (all evening|since {since})',
            'My ping in games is terrible, 2## ms',
            'Wifi in the {room} is (too weak|useless)',
            'video calls on {app} freeze while everyone else is fine',
            'uploads take for ever, a 2 GB file needs all night',
            'it is fast with the cable but slow over wifi',
            'are you throttling {app}?',
          ],
          bot: [
            'Is it slow on every device, or only on one?',
            'Let me measure your line. Are you connected by wifi or by cable?',
          ],
        },
        {
          user: [
            'every device',
            'only my {device}',
            'Wifi',
            'by cable',
            'both, I tried',
            'worse in the {room}',
            "I don't know how to check that",
          ],
          bot: [
            'The line itself delivers {plan} Mbps. Please try the 5 GHz network close to the router.',
            'A wifi extender would help in the {room}. I can send you one free of charge.',
          ],
        },
        {
          user: [
            'ok send it',
            'I see no 5 GHz network in the list',
            'better now, {plan} on the test',
            'My old provider managed without an extender',
            'will it work with {model}?',
          ],
          bot: ['It ships today and needs no setup.', 'Good to hear. Anything else?'],
        },
      ],
    },
    {
      weight: 5,
      steps: [
        {
          user: [
            'Forgot my wifi password',
            'How do I change the (name|password) of my network?',
            'What is the default admin password for {model}?',
            "my {device} won't connect to the wifi",
            'I think someone is stealing our wifi',
            'can I hide my network from the neighbours',
            'How do I block websites for my kids at night?',
            'need to open port 3074 for {device}',
            'Where is the WPS button on {model}?',
          ],
          bot: [
            'The password is on the sticker under the router. You can change it in the app under Network.',
            'Which router model do you have?',
          ],
        },
        {
          user: [
            '{model}',
            'the sticker is (gone|unreadable)',
            "it's {model} I think",
            'found it, thanks',
            "the app asks for a PIN I don't have",
            'it says "incorrect password" even though I copied it, twice',
          ],
          bot: [
            'No problem: hold the reset button for ten seconds, and the default password works again.',
            'I have sent a PIN to your phone.',
          ],
        },
      ],
    },
    {
      weight: 5,
      steps: [
        {
          user: [
            'I am moving (house|next month|to another city), can I take my internet with me?',
            'Is fibre available at my address in {zip}?',
            'Book a technician please',
            'The technician did not show up',
            'can you come on a Saturday',
            'I need to cancel the installation appointment',
            'the installer drilled through a water pipe!!',
            'When will my new router arrive?',
            'what do I do with the old modem after I switched',
          ],
          bot: [
            'I can arrange that. What is the zip code?',
            'I am sorry. The next free slot is tomorrow between 8 and 12. Does that suit you?',
          ],
        },
        {
          user: [
            '{zip}',
            'tomorrow is fine',
            'I work until 5, anything later?',
            'only mornings',
            'Friday would be better',
            'I want to speak to a manager first',
          ],
          bot: [
            'Booked. You get a text with the name of the technician.',
            'Fibre is available there. Shall I order the move?',
          ],
        },
      ],
    },
    {
      weight: 3,
      steps: [
        {
          user: [
            'TV box says no signal',
            'Half of my channels are missing since {since}',
            'recordings disappeared from the TV box',
            'How do I get {app} on the set top box?',
            'sound and picture are out of sync on channel 1#',
            'remote control stopped working, new batteries did not help',
          ],
          bot: [
            'Please hold the power button of the box for ten seconds and wait for the logo.',
            'Let me refresh your channel list. Leave the box on, please.',
          ],
        },
        {
          user: [
            'the logo shows and then it goes black',
            'works again',
            'Still missing',
            'how long does the refresh take',
          ],
          bot: ['Great. Enjoy!', 'I will replace the box; the new one arrives in two days.'],
        },
      ],
    },
    {
      weight: 1,
      language: 'de',
      steps: [
        {
          user: [
            'Mein Internet geht seit heute Morgen nicht mehr',
            'WLAN ist extrem langsam, bitte um Hilfe',
            'Die Lampe am Router blinkt rot, was tun?',
            'Wann kommt der Techniker?',
          ],
          bot: [
            'Das tut mir leid. Bitte ziehen Sie den Stecker des Routers für 30 Sekunden.',
            'Ich prüfe Ihre Leitung. Wie lautet Ihre Postleitzahl?',
          ],
        },
        {
          user: ['Hab ich schon gemacht, hilft nicht', '10115', 'jetzt geht es wieder, danke schön'],
          bot: ['Vielen Dank. Wir melden uns per SMS.'],
        },
      ],
    },
  ],
};
