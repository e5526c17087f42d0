/** Word pools of invented pilots and corporations; no name is a real player's on purpose. */
const words = (text: string) => text.trim().split(/\s+/);

export const firstNames = words(`
  Aiko Akira Alaric Alessa Amarek Anik Ansel Arja Arvo Ashka Astrid Aurel Azra Bastian Belka Beren Bjarni Brannoc Caelia
  Caldor Calix Casimir Cassia Ceres Chandra Cato Corvin Dagny Dalen Damaris Darius Davor Delphine Demetra Dorian Drago
  Eder Eira Elara Elias Elowen Emeric Enzo Erasmus Esko Evander Fenna Feodor Freya Gaius Galen Garrick Gideon Greta Gunnar
  Hadrian Haldor Hana Haruki Helka Hiro Ida Idris Ilmari Imre Ingrid Isaura Ishaan Ivo Jael Janek Jarkko Jessa Jorah
  Juno Kael Kaito Kalle Karim Kasia Katla Keiko Kestrel Kira Konrad Kyra Laszlo Leif Lena Leontes Liv Lorcan Lucan Lyra
  Mael Magnus Maia Marek Marit Mateus Mika Mirela Miro Nadia Naoki Nerys Niko Nils Noor Nyx Octavia Odile Oksana Olan
  Orsola Oskar Otso Pavel Petra Pia Quill Radek Raina Rasmus Reza Rhea Roan Runa Sable Sanna Saskia Selim Senna Severin
  Shira Sigrun Silas Sorin Stellan Svea Taavi Talia Tamsin Tariq Tess Thane Theron Tomas Toril Ursa Vaki Valka Vasco
  Veikko Vera Viktor Vesna Wolfram Xander Ximena Yael Yara Yuki Yuri Zane Zara Zeno Zofia
`);

export const lastNames = words(`
  Abenov Ahlgren Akkala Alvarsson Anteka Arcanis Ardent Aurelius Balak Barkovic Belisar Blackwood Bolvar Brask Calder
  Carnoth Castellane Cinder Corax Crowhurst Daelor Dahlstrom Darkwater Dekker Devaux Draven Duskbane Eklund Emberline
  Enkai Erebos Eskola Falk Farsight Fenrik Ferrum Firth Fjeld Galante Garmon Glasswing Goreham Gravesend Haaken Hakonen
  Halcyon Harrow Havoc Heimdal Hexen Holt Hyperion Ikaros Ironside Isaksen Jansson Jorvik Juutilainen Kaalakiota Kador
  Karrde Kaunis Keller Khanid Kivela Korhonen Korvan Kruger Lagrange Lahti Larkspur Laukkanen Lindqvist Lockhart Lumen
  Maelstrom Makinen Malakai Marchetti Mercer Meridian Mishkan Montoya Moriarty Nakamura Nightfall Nilsen Norrland
  Novak Oblivion Odenwald Okonkwo Onyx Orlov Ostrava Outlander Parallax Pekkanen Petrov Praetor Quasar Quintar Rakovsky
  Ravenna Reinholt Rift Rokh Rosk Saarinen Sarum Sato Seyllin Shadowmere Sisko Skarr Solari Stahl Starling Steelgrave
  Stormgaard Strand Sundqvist Sunsplitter Syvanen Talvik Tanaka Tannhauser Tash-Murkon Tempest Thorne Torvald Tsukino
  Tuominen Tyrell Ulvang Umbra Vahtera Valcourt Valente Varga Vasara Veldspar Venture Verdant Vex Vitoc Vogel Voidwalker
  Volkov Voss Wanderer Warpstar Wayfarer Weyland Wolfe Wraith Yamada Yulai Zahn Zenith Zephyr Zoltan
`);

export const corporationAdjectives = words(`
  Astral Black Blind Brave Bright Broken Burning Celestial Cobalt Crimson Dark Deep Distant Drifting Eternal Fallen First
  Forgotten Frozen Gilded Hollow Hidden Infinite Iron Last Lost Lunar Northern Null Obsidian Outer Pale Quiet Red Restless
  Rogue Scarlet Silent Silver Solar Southern Stellar Sunken United Veiled Wandering White
`);

export const corporationNouns = words(`
  Anvil Armada Beacon Bastion Compass Concord Covenant Cyno Dominion Drake Embers Enterprises Envoys Expanse Forge Foundry
  Freight Frontier Garrison Gate Harbor Haulers Helix Horizon Industries Initiative Lanterns Legion Logistics Mariners
  Meridian Miners Nebula Nomads Orbit Outpost Pathfinders Pilgrims Pioneers Reach Refineries Requiem Salvage Sentinels
  Signal Smelters Society Star Syndicate Tide Vanguard Wardens Watch Works
`);

export const containerNames = words(`
  Ammo Salvage Loot Minerals Fuel Drones Scripts Rigs Boosters Implants Deadspace Faction Doctrine Reserve Reprocess Sell
  Buyback Fleet Logistics Capital Gas Moongoo Planetary Blueprints Copies Research Shipyard Hauling Mission Ratting
`);

export const shipNouns = words(`
  Fury Hammer Lullaby Mercy Needle Oath Paladin Quarrel Revenant Sorrow Talon Undertow Verdict Whisper Xiphos Zealot
  Anathema Bulwark Crescent Dirge Echo Falcon Gambit Hymn Ironclad Jester Kismet Labyrinth Monolith Nocturne
`);
