// A made-up conversation to try the view with.
export const EXAMPLE = `Mara: I found the old tent in the cellar, and it still smells of last summer!
Jon: Oh, lovely. I have missed those evenings by the lake.
Mara: Shall we go this weekend? I could take Friday off.
Jon: Yes! I am so ready for that. I will bring the good coffee.
Mara: Great. I just looked at the forecast, though. Storms from Saturday on.
Jon: Ugh. Are you sure? It was fine this morning.
Mara: Quite sure. Heavy rain and gusts, the whole weekend. I am so disappointed.
Jon: That is really sad. I had told everyone about it already.
Mara: And my boss now says that Friday is impossible anyway. It makes me furious.
Jon: Again? That is so unfair. You worked two weekends in a row.
Mara: I know. Sometimes I think nobody there even notices.
Jon: I notice. You look tired, and it worries me a little.
Mara: Thank you. It helps to hear that.
Jon: Of course. What if we go the week after, for three whole days?
Mara: Three days? That would be wonderful!
Jon: I thought so. I will ask my sister for her little boat.
Mara: You are the best. I am smiling at my screen like a fool.
Jon: Ha, so am I. I can almost smell the pine trees.
Mara: Then it is settled. I am really happy now.
Jon: Me too. This made my day.`;
