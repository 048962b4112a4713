// A made-up conversation to try the view with.
export const EXAMPLE = `Mara: I found the old tent in the cellar. I love that thing!
Jon: Oh, wonderful! Those evenings by the lake were so lovely.
Mara: Shall we go this weekend? I would be so happy.
Jon: Yes! I am really excited now.
Mara: Hm, I just looked at the forecast. Storms from Saturday on.
Jon: Are you sure? It was fine this morning.
Mara: Quite sure. It is awful, and I am so disappointed.
Jon: That is really sad. I had told everyone about it.
Mara: And now my boss says that Friday is impossible. I am furious!
Jon: Again? I hate how they treat you.
Mara: Nobody there even notices how tired I am. It hurts.
Jon: I am sorry. That worries me a lot.
Mara: Sometimes I feel quite alone with it.
Jon: You are not alone. But it makes me sad to hear.
Mara: Thank you. It helps to tell someone.
Jon: Of course. I am glad that you did.
Mara: What if we go the week after, for three whole days?
Jon: Three days? That would be great!
Mara: Wonderful! I am so happy that you say yes.
Jon: I love the idea. My sister may lend us her boat.
Mara: You are the best! I am smiling at my screen like a fool.
Jon: Ha, so am I. This makes me really happy.
Mara: Oh no. The calendar says that my aunt comes that week.
Jon: Oh. That is a pity, I was looking forward to it.
Mara: I feel terrible now. I keep ruining our plans.
Jon: Do not say that. It is sad, but nobody's fault.
Mara: Wait, she wrote. She comes a week later! What a relief!
Jon: Yes! I am so happy, I could sing.
Mara: Then it is settled. I am really looking forward to it!
Jon: Me too. This made my day!`;
