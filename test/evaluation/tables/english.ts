/** Names of the English-speaking, the commonest first; from general knowledge. name | pet names */
export const MALE_GIVEN = `
James|Jim,Jimmy
John|Jack,Johnny
Robert|Bob,Rob
Michael|Mike,Mick
William|Bill,Will
David|Dave
Richard|Dick,Rick
Joseph|Joe
Thomas|Tom
Charles|Charlie,Chuck
Christopher|Chris
Daniel|Dan,Danny
Matthew|Matt
Anthony|Tony
Mark|Marky
Donald|Don
Steven|Steve
Paul|Pauly
Andrew|Andy,Drew
Joshua|Josh
Kenneth|Ken
Kevin|Kev
Brian|Bri
George|Georgie
Edward|Ed,Ted
Ronald|Ron
Timothy|Tim
Jason|Jay
Jeffrey|Jeff
Ryan|Ry
Jacob|Jake
Gary|Gaz
Nicholas|Nick
Eric|Ricky
Jonathan|Jon
Stephen|Steve
Larry|Laz
Justin|Jus
Scott|Scotty
Brandon|Bran
Benjamin|Ben
Samuel|Sam
Gregory|Greg
Alexander|Alex,Sandy
Patrick|Pat,Paddy
Raymond|Ray
Dennis|Den
Jerry|Jez
Aaron|Ron
Henry|Harry,Hank
Peter|Pete
Zachary|Zach
Nathan|Nate
Walter|Walt
Harold|Hal
Arthur|Art
Lawrence|Larry
Seán|Shane
André|Andy
José|Pepe
`;

export const FEMALE_GIVEN = `
Mary|Molly,Polly
Patricia|Pat,Tricia
Jennifer|Jen,Jenny
Linda|Lin
Elizabeth|Liz,Beth
Barbara|Barb
Susan|Sue
Jessica|Jess
Sarah|Sally
Karen|Kaz
Margaret|Maggie,Peggy
Lisa|Lis
Nancy|Nan
Betty|Bet
Sandra|Sandy
Ashley|Ash
Kimberly|Kim
Emily|Em
Donna|Don
Michelle|Shelly
Carol|Caz
Amanda|Mandy
Melissa|Mel
Deborah|Deb,Debbie
Stephanie|Steph
Rebecca|Becky
Laura|Laurie
Helen|Nell
Sharon|Shaz
Cynthia|Cindy
Kathleen|Kathy
Amy|Ames
Angela|Angie
Shirley|Shirl
Anna|Annie
Ruth|Ruthie
Brenda|Bren
Pamela|Pam
Nicole|Nicky
Katherine|Kate,Kathy
Samantha|Sam
Christine|Chris
Emma|Em
Catherine|Cathy
Virginia|Ginny
Rachel|Rach
Janet|Jan
Maria|Mia
Heather|Heath
Diane|Di
Julie|Jules
Joyce|Joy
Victoria|Vicky
Zoë|Zo
Renée|Ren
Chloé|Clo
Siân|Shani
Niamh|Neve
`;

export const SURNAMES = `
Smith Johnson Williams Brown Jones Garcia Miller Davis Wilson Anderson Thomas Taylor Moore Jackson Martin Lee Thompson
White Harris Clark Lewis Robinson Walker Young Allen King Wright Scott Hill Green Adams Nelson Baker Hall Campbell Mitchell
Carter Roberts Phillips Evans Turner Parker Collins Edwards Stewart Morris Murphy Cook Rogers Morgan Cooper Peterson Bailey
Reed Kelly Howard Ramos Kim Cox Ward Richardson Watson Brooks Wood Bennett Gray James Hughes Price Myers Long Foster
Sanders Ross Powell Sullivan Russell Ortiz Jenkins Perry Butler Barnes Fisher Henderson Coleman Simmons Patterson Jordan
Reynolds Hamilton Graham Wallace Cole West Hayes Bryant Gibson Ellis Stevens Murray Ford Marshall Owens McDonald Harrison
Kennedy Wells Alvarez Woods Washington Freeman Webb Tucker Burns Henry Crawford Simpson Porter Hunter Gordon Shaw Snyder
Mason Dixon Hunt Hicks Holmes Palmer Wagner Black Robertson Boyd Stone Fox Warren Mills Meyer Rice Schmidt Daniels Ferguson
Nichols Stephens Weaver Ryan Gardner Payne Grant Dunn Kelley Spencer Hawkins Arnold Pierce Hansen Peters Santos Hart
Bradley Knight Elliott Cunningham Duncan Armstrong Hudson Carroll Lane Riley Andrews Alvarado Ray Berry Perkins Hoffman
Johnston Matthews Pena Richards Contreras Willis Carpenter Lawrence Sandoval O'Brien O'Connor O'Neill O'Sullivan O'Reilly
MacDonald MacKenzie McCarthy McKenzie McLean McGregor FitzGerald Brontë Núñez Muñoz Björk Lindström Müller Schröder Dupré
Lefèvre Beyoncé-Knowles Smith-Jones Lloyd-Jones Baker-Smith Parker-Bowles Clark-Taylor Bonham-Carter Day-Lewis Rees-Mogg
`;

/** The rest are made of two of these, as the names of villages are. */
export const SURNAME_FIRST = `
Ash Beck Black Brad Bram Bran Brent Brid Brook Buck Burn Cald Can Carl Chad Chat Chel Clay Clif Cold Cran Crom Dal Dun
East Egg El Fair Fal Farn Fen Gains Glad Gran Green Had Hal Ham Hart Hat Hazel Hed Hol Hors Hux Kel Ken Kirk Lam Lang
Lin Long Mar Mel Mid Mil New Nor Oak Old Pat Pem Pres Rad Ray Red Rock Ros Row Rus Sal Sand Shel Shir Stan Stock Strat Sut
Thorn Thur Ul Wal War Way Wes Whit Wil Win Wood Worth Wyn
`;
export const SURNAME_SECOND = `ford ley ton field wood well worth ham by bury wick stead more land bridge combe dale`;
