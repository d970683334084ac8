import { publishing } from './publishing.js';
import { subscribing } from './subscribing.js';

/**
 * Each language: its name, how its code is run, in words (with a token perhaps in another way), and what makes the code for a
 * subscription and for a publication, ready to be pasted.
 */
export const languages = [
  { name: 'curl', run: 'In a terminal.' },
  {
    name: 'JavaScript',
    run: 'In the console of a browser, on a page of this hub; publishing also with Node.js 18 or newer, as name.mjs.',
    runToken: 'Save it as name.mjs, and run it with Node.js 18 or newer: node name.mjs',
  },
  { name: 'Java', run: 'Save it as Name.java, and run it with a JDK 17 or newer: java Name.java' },
  { name: 'PHP', run: 'Save it as name.php, and run it with PHP 8 or newer: php name.php' },
  { name: 'Python', run: 'Save it as name.py, and run it with Python 3.8 or newer: python3 name.py' },
].map(language => ({ ...language, subscribe: subscribing[language.name], publish: publishing[language.name] }));
